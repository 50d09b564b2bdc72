using Carrel.Arm.Filters;

namespace Carrel.Api.Resources;

/// <summary>The <c>$filter</c> of the generic resource lists, as clients send it. Pure.</summary>
internal sealed class ResourceFilter
{
    private static readonly Dictionary<string, Func<ListedResource, IEnumerable<string>>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["resourceGroup"] = resource => [resource.Group],
        ["resourceType"] = resource => [resource.Type],
        // Clients ask for the last part of a name as well as for all of it.
        ["name"] = resource => [resource.Name, resource.Name[(resource.Name.LastIndexOf('/') + 1)..]],
        ["location"] = resource => [resource.Location],
    };

    private readonly IReadOnlyList<FilterClause> _clauses;
    private readonly TagFilter _tags;

    private ResourceFilter(IReadOnlyList<FilterClause> clauses, TagFilter tags) => (_clauses, _tags) = (clauses, tags);

    /// <summary>Reads a filter.</summary>
    /// <exception cref="Arm.Errors.ArmException">400 <c>InvalidFilter</c>.</exception>
    internal static ResourceFilter Read(string? text)
    {
        TagFilter tags = TagFilter.Take(FilterText.Parse(text), out IReadOnlyList<FilterClause> clauses);
        foreach (FilterClause clause in clauses.Where(clause => !Fields.ContainsKey(clause.Field)))
            throw FilterText.Refused($"resources have no field '{clause.Field}'; there are {string.Join(", ", Fields.Keys)}, tagName and tagValue");
        return new ResourceFilter(clauses, tags);
    }

    /// <summary>The one group the filter names, or null: then only that part of the store is read.</summary>
    internal string? Group => Only("resourceGroup");

    /// <summary>Whether the filter leaves room for a resource type.</summary>
    internal bool Allows(string type) => _clauses.Where(clause => clause.Is("resourceType")).All(clause => clause.Holds(type));

    /// <summary>Whether a resource is shown.</summary>
    internal bool Holds(ListedResource resource) => _tags.Holds(resource.Tags) && _clauses.All(clause => clause.Operator == FilterOperator.NotEqual
        ? Fields[clause.Field](resource).All(clause.Holds)
        : Fields[clause.Field](resource).Any(clause.Holds));

    private string? Only(string field) =>
        _clauses.FirstOrDefault(clause => clause.Is(field) && clause.Operator == FilterOperator.Equal)?.Value;
}
