namespace Carrel.Arm.Filters;

/// <summary>How a clause compares.</summary>
public enum FilterOperator
{
    /// <summary><c>eq</c>.</summary>
    Equal,

    /// <summary><c>ne</c>.</summary>
    NotEqual,

    /// <summary><c>ge</c>.</summary>
    AtLeast,

    /// <summary><c>le</c>.</summary>
    AtMost,

    /// <summary><c>substringof('value', field)</c>.</summary>
    Contains,

    /// <summary><c>startswith(field, 'value')</c>, <c>startswith(tagName, 'value')</c>.</summary>
    StartsWith,

    /// <summary>A call by itself: <c>atScope()</c>, <c>assignedTo('value')</c>; only where the reader of the filter knows it.</summary>
    Call,
}

/// <summary>One comparison of a <c>$filter</c>.</summary>
/// <param name="Field">The field, as spelled.</param>
/// <param name="Operator">How it compares.</param>
/// <param name="Value">With what, without quotes.</param>
public sealed record FilterClause(string Field, FilterOperator Operator, string Value)
{
    /// <summary>Whether this is a comparison of a field; fields compare ignoring case.</summary>
    public bool Is(string field) => Field.Equals(field, StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares a text, ignoring case.</summary>
    public bool Holds(string value) => Operator switch
    {
        FilterOperator.Equal => value.Equals(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.NotEqual => !value.Equals(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.Contains => value.Contains(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.StartsWith => value.StartsWith(Value, StringComparison.OrdinalIgnoreCase),
        _ => string.Compare(value, Value, StringComparison.OrdinalIgnoreCase) is var order && (Operator == FilterOperator.AtLeast ? order >= 0 : order <= 0),
    };
}
