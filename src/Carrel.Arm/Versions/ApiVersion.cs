using System.Text.RegularExpressions;
using Carrel.Arm.Errors;

namespace Carrel.Arm.Versions;

/// <summary>The <c>api-version</c> of a request: any date, with or without a suffix, on every route (contract 1.1, wire 1.2).</summary>
public static partial class ApiVersion
{
    /// <summary>Query parameter that carries it.</summary>
    public const string Parameter = "api-version";

    /// <summary>Checks what the query carries.</summary>
    /// <param name="values">Every value of the parameter.</param>
    /// <returns>The version as sent.</returns>
    /// <exception cref="ArmException">400 <c>MissingApiVersionParameter</c> or <c>InvalidApiVersionParameter</c>.</exception>
    public static string Require(IReadOnlyList<string?> values)
    {
        if (values.Count == 0 || string.IsNullOrEmpty(values[0]))
            throw new ArmException(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.", Parameter);
        if (values.Count > 1 || !Pattern().IsMatch(values[0]!))
            throw new ArmException(400, "InvalidApiVersionParameter", "The api-version is a date such as 2024-10-01, with or without a suffix such as -preview, and is given once.", Parameter);
        return values[0]!;
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(-[A-Za-z0-9.]{1,32})?\z")]
    private static partial Regex Pattern();
}
