using Carrel.Agent.Files;

namespace Carrel.Agent.Owner;

/// <summary>Puts the command that Azure's libraries ask for the owner's token where they find it: <c>az</c>, where there is none.</summary>
internal static class OwnerCommands
{
    private const string Mark = "# Carrel's stand-in for the Azure CLI.";
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes it. What is there and not ours stays.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Ensure(AgentOptions options)
    {
        try
        {
            var azure = Path.Combine(options.CommandFolder, "az");
            var text = $"#!/bin/sh\n{Mark}\nexec {options.Program} az \"$@\"\n";
            if (!File.Exists(Path.Combine("/usr/bin", "az")) && (AtomicFile.ReadIfThere(azure) is not { } present || (present.Contains(Mark, StringComparison.Ordinal) && present != text)))
            {
                AtomicFile.Write(azure, text, Everybody);
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The command for single sign-on cannot be made: {failure.GetType().Name}.";
        }
    }
}
