using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.Commands.Account;

/// <summary>Fills the defaults of the configuration file: from the environment, else what the caller can see, if there is exactly one of it.</summary>
internal sealed class LoginDefaults(CliHost host, ArmClient client)
{
    /// <summary>Sets what is not yet known. A server that refuses to list leaves it unset: the flags still do.</summary>
    public async Task FillAsync(JsonObject content, CancellationToken cancel)
    {
        SetFromEnvironment(content, "subscription", "CARREL_SUBSCRIPTION");
        SetFromEnvironment(content, "group", "CARREL_GROUP");
        SetFromEnvironment(content, "workspace", "CARREL_WORKSPACE");
        SetFromEnvironment(content, "location", "CARREL_LOCATION");
        try
        {
            if (content["subscription"] is null && await OnlyAsync("/subscriptions", cancel) is { } subscription)
                content["subscription"] = subscription["subscriptionId"]?.ToString();
            if (content["subscription"] is null || content["workspace"] is not null)
                return;
            var all = $"/subscriptions/{ScopeOptions.Segment(content["subscription"]!.ToString())}/providers/Microsoft.MachineLearningServices/workspaces";
            if (await OnlyAsync(all, cancel) is not { } workspace || workspace["id"]?.ToString().Split('/') is not { Length: > 4 } id)
                return;
            content["group"] = id[4];
            content["workspace"] = workspace["name"]?.ToString();
            content["location"] ??= workspace["location"]?.ToString();
        }
        catch (CliException)
        {
            // Listing is a convenience; the sign-in itself has succeeded.
        }
    }

    private void SetFromEnvironment(JsonObject content, string key, string variable)
    {
        if (host.Variable(variable) is { } value)
            content[key] = value;
    }

    private async Task<JsonObject?> OnlyAsync(string path, CancellationToken cancel) =>
        await client.ListAsync(CommandContext.Versioned(path), cancel) is [var only] ? only : null;
}
