using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Authority;

/// <summary>The cloud metadata document (wire contract 2.4): fetched without a token, dozens of times in a row, so it is made once.</summary>
internal static class MetadataApi
{
    private const string Json = "application/json; charset=utf-8";

    // From this version on the document is one object; before, a list of clouds.
    private const string FirstObjectVersion = "2022-09-01";

    private static readonly string[] EmptySuffixes =
    [
        "azureDataLakeStoreFileSystem", "acrLoginServer", "sqlServerHostname", "azureDataLakeAnalyticsCatalogAndJob", "keyVaultDns",
        "azureFrontDoorEndpointSuffix", "storageSyncEndpointSuffix", "mhsmDns", "mysqlServerEndpoint", "postgresqlServerEndpoint",
        "mariadbServerEndpoint", "synapseAnalytics", "attestationEndpoint",
    ];

    private static readonly string[] OwnOrigin =
    [
        "resourceManager", "batch", "activeDirectoryDataLake", "sqlManagement", "appInsightsResourceId", "appInsightsTelemetryChannelResourceId",
        "attestationResourceId", "synapseAnalyticsResourceId", "logAnalyticsResourceId", "ossrDbmsResourceId", "gallery",
    ];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        string cloud = Document(routes.ServiceProvider.GetRequiredService<AccessOptions>()).ToJsonString();
        string clouds = "[" + cloud + "]";
        routes.MapGet("/metadata/endpoints", (HttpRequest request) => Results.Text(
            string.CompareOrdinal(request.Query["api-version"], FirstObjectVersion) >= 0 ? cloud : clouds, Json));
    }

    private static JsonObject Document(AccessOptions options)
    {
        string origin = options.Origin;
        var suffixes = new JsonObject { ["storage"] = options.Domain + options.PortSuffix };
        foreach (string name in EmptySuffixes)
            suffixes[name] = "";
        var document = new JsonObject
        {
            ["name"] = options.CloudName,
            // Python splits it at its dots and needs three labels.
            ["portal"] = $"https://studio.{options.Domain}{options.PortSuffix}",
            ["authentication"] = new JsonObject
            {
                ["loginEndpoint"] = origin, ["audiences"] = new JsonArray(origin, origin + "/"), ["tenant"] = "common", ["identityProvider"] = "AAD",
            },
            ["media"] = "",
            ["graph"] = origin + "/",
            ["graphAudience"] = origin + "/",
            ["microsoftGraphResourceId"] = origin + "/",
            ["vmImageAliasDoc"] = origin + "/aliases.json",
            ["suffixes"] = suffixes,
        };
        foreach (string name in OwnOrigin)
            document[name] = origin;
        return document;
    }
}
