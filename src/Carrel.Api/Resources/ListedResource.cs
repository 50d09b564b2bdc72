using System.Text.Json.Nodes;
using Carrel.Api.Computes;
using Carrel.Api.Identities;
using Carrel.Api.Workspaces;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Api.Resources;

/// <summary>One row of the generic resource lists.</summary>
/// <param name="Key">Its position in the list.</param>
/// <param name="Group">Its resource group.</param>
/// <param name="Name">Its name; of a compute with its workspace's, <c>lab/desk</c>, as Azure's lists say it.</param>
/// <param name="Type">Its resource type.</param>
/// <param name="Location">Its location.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="CreatedOn">When it was made.</param>
/// <param name="ChangedOn">When it was changed last.</param>
/// <param name="Body">Writes the whole resource.</param>
internal sealed record ListedResource(
    string Key,
    string Group,
    string Name,
    string Type,
    string Location,
    IReadOnlyDictionary<string, string> Tags,
    Instant CreatedOn,
    Instant ChangedOn,
    Func<JsonObject> Body)
{
    internal const string WorkspaceType = "Microsoft.MachineLearningServices/workspaces";
    internal const string ComputeType = WorkspaceType + "/computes";
    internal const string IdentityType = "Microsoft.ManagedIdentity/userAssignedIdentities";

    // What a row of the list shows of the resource; the rest is shown by a GET of it.
    private static readonly string[] Shown = ["id", "name", "type", "location", "tags", "identity", "kind", "sku"];

    internal static ListedResource Of(Workspace workspace, WorkspaceAnswers answers) => new(
        ListPart.KeyOf(workspace.Address.ResourceId),
        workspace.Address.ResourceGroup,
        workspace.Address.Name,
        WorkspaceType,
        workspace.Location,
        workspace.Model.Tags,
        workspace.CreatedOn,
        workspace.ModifiedOn,
        () => answers.Body(workspace));

    internal static ListedResource Of(ComputeInstance instance, ComputeAnswers answers) => new(
        ListPart.KeyOf(instance.Address.ResourceId),
        instance.Address.ResourceGroup,
        $"{instance.Address.Workspace}/{instance.Address.Name}",
        ComputeType,
        instance.Location,
        instance.Model.Tags,
        instance.CreatedOn,
        instance.ModifiedOn,
        () => answers.Body(instance, links: false));

    internal static ListedResource Of(UserAssignedIdentity identity, ApiOptions options) => new(
        ListPart.KeyOf(identity.Address.ResourceId),
        identity.Address.ResourceGroup,
        identity.Address.Name,
        IdentityType,
        identity.Location,
        identity.Tags,
        identity.CreatedOn,
        identity.ModifiedOn,
        () => IdentityAnswers.Body(identity, options.TenantId));

    /// <summary>The row, with what <c>$expand</c> asks for.</summary>
    internal JsonObject Row(IReadOnlyCollection<string> expand)
    {
        JsonObject whole = Body();
        var row = new JsonObject(Shown.Where(whole.ContainsKey).Select(member => KeyValuePair.Create(member, whole[member]?.DeepClone())))
        {
            ["name"] = Name,
        };
        if (expand.Contains("createdTime"))
            row["createdTime"] = ArmText.Time(CreatedOn);
        if (expand.Contains("changedTime"))
            row["changedTime"] = ArmText.Time(ChangedOn);
        if (expand.Contains("provisioningState"))
            row["provisioningState"] = whole["properties"]?["provisioningState"]?.DeepClone();
        return row;
    }
}
