using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary>A file named on the command line.</summary>
internal static class InputFile
{
    /// <summary>Its whole content.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CliException.Usage($"The file '{path}' cannot be read: {problem.Message}");
        }
    }
}
