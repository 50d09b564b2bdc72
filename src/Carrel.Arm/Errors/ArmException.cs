namespace Carrel.Arm.Errors;

/// <summary>A refusal that the caller sees as an ARM error (contract 1.7). Never used for faults of ours, never with a 5xx status.</summary>
public sealed class ArmException : Exception
{
    /// <summary>Makes a refusal.</summary>
    /// <param name="status">HTTP status, 400 to 499 without 408 and 429 (clients would repeat those).</param>
    /// <param name="error">What the body says.</param>
    public ArmException(int status, ArmError error) : base(error.Message)
    {
        Status = status is >= 400 and < 500 and not 408 and not 429
            ? status
            : throw new ArgumentOutOfRangeException(nameof(status), status, "A refusal is a 4xx that clients do not repeat.");
        Error = error;
    }

    /// <summary>Makes a refusal from its parts.</summary>
    public ArmException(int status, string code, string message, string? target = null) : this(status, new ArmError(code, message, target)) { }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>What the body says.</summary>
    public ArmError Error { get; }
}

/// <summary>One error of the ARM envelope.</summary>
/// <param name="Code">A word for programs, such as <c>InvalidComputeName</c>.</param>
/// <param name="Message">A sentence for people that says what to change.</param>
/// <param name="Target">JSON path or resource the error is about, or null.</param>
/// <param name="Details">Further errors; validation lists every finding here.</param>
public sealed record ArmError(string Code, string Message, string? Target = null, IReadOnlyList<ArmError>? Details = null);
