using Carrel.Agent.Files;

namespace Carrel.Agent.Commands;

/// <summary>Puts the commands that people and libraries look for where they find them: <c>carrel</c>, and <c>az</c> where there is none.</summary>
internal static class MachineCommands
{
    private const string Mark = "# Carrel's stand-in for the Azure CLI.";
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes them. What is there and not ours stays.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Ensure(AgentOptions options)
    {
        try
        {
            LinkCommandLine(options);
            WriteAzure(options);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The commands in {options.CommandFolder} cannot be made: {failure.GetType().Name}.";
        }
    }

    private static void LinkCommandLine(AgentOptions options)
    {
        var link = new FileInfo(Path.Combine(options.CommandFolder, "carrel"));
        var isSomebodys = link.LinkTarget is null ? Path.Exists(link.FullName) : link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true };
        // Older agents linked their own program. A link that leads nowhere only stands in the way.
        if (link.LinkTarget == options.CommandLine || (isSomebodys && link.LinkTarget != options.Program))
        {
            return;
        }

        File.Delete(link.FullName);
        File.CreateSymbolicLink(link.FullName, options.CommandLine);
    }

    private static void WriteAzure(AgentOptions options)
    {
        var azure = Path.Combine(options.CommandFolder, "az");
        var text = $"#!/bin/sh\n{Mark}\nexec {options.Program} az \"$@\"\n";
        if (!File.Exists(Path.Combine("/usr/bin", "az")) && (AtomicFile.ReadIfThere(azure) is not { } present || (present.Contains(Mark, StringComparison.Ordinal) && present != text)))
        {
            AtomicFile.Write(azure, text, Everybody);
        }
    }
}
