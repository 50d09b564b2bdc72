using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using NodaTime;
using Shouldly;

namespace Carrel.Instances.Tests;

/// <summary>Bodies, contexts and instances that tests start from.</summary>
internal static class Samples
{
    public static readonly Guid Tenant = Guid.Parse("11111111-1111-1111-1111-111111111111");
    public static readonly Guid Caller = Guid.Parse("22222222-2222-2222-2222-222222222222");
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 20, 8, 30, 15);

    public static ValidationContext Context(bool privateLink = false) => new(
        VmSizeCatalogue.Default, "local", new WorkspaceFacts(privateLink), Now, Tenant, Caller, "sub", "group");

    public static JsonObject Body(string inner = "{}", string top = "{}", string outer = "{}")
    {
        var body = (JsonObject)JsonNode.Parse(top)!;
        var properties = (JsonObject)JsonNode.Parse(outer)!;
        var deep = (JsonObject)JsonNode.Parse(inner)!;
        properties.TryAdd("computeType", "ComputeInstance");
        deep.TryAdd("vmSize", "STANDARD_DS3_v2");
        properties["properties"] = deep;
        body["properties"] = properties;
        return body;
    }

    public static SpecReading Read(JsonNode body) => ComputeInstanceSpecReader.Read(JsonSerializer.SerializeToElement(body));

    public static ComputeInstanceSpec Spec(JsonNode body)
    {
        var reading = Read(body);
        reading.Findings.ShouldBeEmpty();
        return reading.Spec!;
    }

    public static ModelDecision Decide(JsonNode body, ValidationContext? context = null) =>
        ComputeInstanceValidator.Validate(Spec(body), context ?? Context());

    public static ComputeInstanceModel Model(string inner = "{}", string top = "{}", string outer = "{}") => Model(Body(inner, top, outer));

    public static ComputeInstanceModel Model(JsonNode body, ValidationContext? context = null)
    {
        var decision = Decide(body, context);
        decision.Findings.ShouldBeEmpty();
        return decision.Model!;
    }

    /// <summary>Code and target of everything that is wrong, by creation.</summary>
    public static List<(string Code, string Target)> Problems(string inner, ValidationContext? context = null, string top = "{}", string outer = "{}")
    {
        var reading = Read(Body(inner, top, outer));
        var findings = reading.Spec is null ? reading.Findings : ComputeInstanceValidator.Validate(reading.Spec, context ?? Context()).Findings;
        findings.ShouldAllBe(f => f.Message.Length > 10);
        return [.. findings.Select(f => (f.Code, f.Target))];
    }

    public static UpdateDecision Update(ComputeInstanceModel stored, JsonNode body) => UpdateRules.Decide(stored, Spec(body), Context());

    public static ComputeInstance Instance(ComputeInstanceModel model, ComputeInstanceState? state = null)
    {
        var principal = new Principal(Caller, Tenant, "admin", "User");
        return new ComputeInstance(
            Guid.Parse("33333333-3333-3333-3333-333333333333"),
            Guid.Parse("44444444-4444-4444-4444-444444444444"),
            new InstanceAddress("sub", "group", "ws", "ci-one"),
            "local",
            model,
            state ?? new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded),
            principal,
            Now,
            principal,
            Now,
            Caller,
            "admin",
            1);
    }

    public static JsonObject Answer(ComputeInstanceModel model, ComputeInstanceState? state = null) => ComputeInstanceBody.Write(
        Instance(model, state),
        new BodyContext([new ApplicationLink("Jupyter Lab", "https://ci-one.local.instances.localhost:8443/lab")], "26.12.01"));

    public static JsonObject Inner(JsonObject answer) => answer["properties"]!["properties"]!.AsObject();
}
