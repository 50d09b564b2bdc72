namespace Carrel.Cli.Errors;

/// <summary>What <c>carrel</c> tells the shell. The numbers are promised in docs/reference/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused, the operation failed, or the person said no.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, a bad file, or a missing setting.</summary>
    public const int Usage = 2;

    /// <summary>Nobody is signed in, or the server does not accept the sign-in.</summary>
    public const int NotSignedIn = 3;

    /// <summary>The server cannot be reached or its certificate is not trusted.</summary>
    public const int Unreachable = 4;

    /// <summary>The thing named does not exist.</summary>
    public const int NotFound = 5;

    /// <summary>Interrupted by Ctrl+C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
