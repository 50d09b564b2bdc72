using System.Text.Json.Nodes;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;

namespace Carrel.Instances.Resources;

/// <summary>The inner <c>properties.properties</c> of an answer (contract 1.2).</summary>
internal static class InnerBody
{
    public static JsonObject Write(ComputeInstance instance, BodyContext context)
    {
        var (model, state) = (instance.Model, instance.State);
        var body = new JsonObject { ["vmSize"] = model.VmSize };
        if (model.SubnetId is not null)
        {
            body["subnet"] = new JsonObject { ["id"] = model.SubnetId };
        }

        body["applicationSharingPolicy"] = "Personal";
        body["sshSettings"] = Ssh(instance);
        body["computeInstanceAuthorizationType"] = "personal";
        if (model.AssignedUser is { } user)
        {
            body["personalComputeInstanceSettings"] = new JsonObject
            {
                ["assignedUser"] = new JsonObject { ["objectId"] = user.ObjectId.ToString(), ["tenantId"] = user.TenantId.ToString() },
            };
        }

        if (Scripts(model) is { } scripts)
        {
            body["setupScripts"] = new JsonObject { ["scripts"] = scripts };
        }

        if (model.Schedules.Count > 0)
        {
            body["schedules"] = new JsonObject { ["computeStartStop"] = new JsonArray([.. model.Schedules.Select(ScheduleBody.Write)]) };
        }

        if (model.IdleMinutes is { } minutes)
        {
            body["idleTimeBeforeShutdown"] = IdleTime.Text(minutes);
        }

        body["enableNodePublicIp"] = model.EnableNodePublicIp;
        body["enableSSO"] = model.EnableSso;
        body["enableRootAccess"] = model.EnableRootAccess;
        body["enableOSPatching"] = model.EnableOsPatching;
        body["releaseQuotaOnStop"] = model.ReleaseQuotaOnStop;
        if (model.CustomServices.Count > 0)
        {
            body["customServices"] = new JsonArray([.. model.CustomServices.Select(service => JsonNode.Parse(service.Document))]);
        }

        if (model.DataMounts.Count > 0)
        {
            body["dataMounts"] = new JsonArray([.. model.DataMounts.Select(DataMount)]);
        }

        if (model.MlflowAutologger is { } autologger)
        {
            body["autologgerSettings"] = new JsonObject { ["mlflowAutologger"] = autologger ? "Enabled" : "Disabled" };
        }

        AddObserved(body, instance, state, context);
        return body;
    }

    private static void AddObserved(JsonObject body, ComputeInstance instance, ComputeInstanceState state, BodyContext context)
    {
        body["connectivityEndpoints"] = new JsonObject
        {
            ["publicIpAddress"] = instance.Model.EnableNodePublicIp ? context.PublicAddress : null,
            ["privateIpAddress"] = state.PrivateAddress,
        };
        body["applications"] = new JsonArray(CanOpen(state.State)
            ? [.. context.Applications.Select(link => new JsonObject { ["displayName"] = link.DisplayName, ["endpointUri"] = link.EndpointUri })]
            : []);
        body["createdBy"] = new JsonObject
        {
            ["userName"] = instance.CreatedBy.Name,
            ["userOrgId"] = instance.CreatedBy.TenantId.ToString(),
            ["userId"] = instance.CreatedBy.ObjectId.ToString(),
        };
        body["errors"] = ComputeInstanceBody.Errors(state.Errors);
        body["state"] = state.State.ToString();
        if (state.LastOperation is { } operation)
        {
            body["lastOperation"] = new JsonObject
            {
                ["operationName"] = operation.Name.ToString(),
                ["operationTime"] = ComputeInstanceBody.Time(operation.Time),
                ["operationStatus"] = operation.StatusWord,
                ["operationTrigger"] = operation.Trigger.ToString(),
            };
        }

        if (state.ImageVersion is { } version)
        {
            body["osImageMetadata"] = Image(instance.Model, version, context.LatestImageVersion ?? version);
        }
    }

    /// <summary>Contract 1.4, "open application".</summary>
    private static bool CanOpen(InstanceState state) =>
        state is InstanceState.Running or InstanceState.JobRunning or InstanceState.UserSetupFailed;

    private static JsonObject Ssh(ComputeInstance instance)
    {
        var model = instance.Model;
        var ssh = new JsonObject { ["sshPublicAccess"] = model.SshEnabled ? "Enabled" : "Disabled", ["adminUserName"] = "azureuser" };
        if (model.AdminPublicKey is not null)
        {
            ssh["adminPublicKey"] = model.AdminPublicKey;
        }

        ssh["sshPort"] = instance.ShownSshPort;
        return ssh;
    }

    /// <summary>Nothing mounts yet: every mount is as far as it was requested.</summary>
    private static JsonObject DataMount(DataMountModel mount)
    {
        var body = new JsonObject
        {
            ["source"] = mount.Source,
            ["sourceType"] = mount.SourceType == DataMountSource.Uri ? "URI" : mount.SourceType.ToString(),
            ["mountName"] = mount.Name,
            ["mountAction"] = nameof(DataMountAction.Mount),
            ["mountMode"] = mount.Mode.ToString(),
            ["createdBy"] = mount.CreatedBy,
            ["mountState"] = "MountRequested",
        };
        if (mount.Path is not null)
        {
            body["mountPath"] = mount.Path;
        }

        return body;
    }

    private static JsonObject? Scripts(ComputeInstanceModel model)
    {
        var scripts = new JsonObject();
        foreach (var (name, script) in new[] { ("creationScript", model.CreationScript), ("startupScript", model.StartupScript) })
        {
            if (script is not null)
            {
                scripts[name] = Script(script);
            }
        }

        return scripts.Count > 0 ? scripts : null;
    }

    private static JsonObject Script(SetupScriptModel script)
    {
        var body = new JsonObject { ["scriptSource"] = script.Source == ScriptSource.Inline ? "inline" : "workspaceStorage" };
        foreach (var (name, text) in new[] { ("scriptData", script.Data), ("scriptArguments", script.Arguments), ("timeout", script.Timeout) })
        {
            if (text is not null)
            {
                body[name] = text;
            }
        }

        return body;
    }

    /// <summary>Whether the image is the newest is computed at read, so that publishing one flips existing instances (contract 14).</summary>
    private static JsonObject Image(ComputeInstanceModel model, string current, string latest) => new()
    {
        ["currentImageVersion"] = current,
        ["latestImageVersion"] = latest,
        ["isLatestOsImageVersion"] = current == latest,
        ["osPatchingStatus"] = model.EnableOsPatching
            ? new JsonObject { ["patchStatus"] = "Unknown", ["rebootPending"] = false }
            : null,
    };
}
