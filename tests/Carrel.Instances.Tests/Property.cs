using FsCheck;

namespace Carrel.Instances.Tests;

/// <summary>Runs FsCheck properties under xunit: a failure throws with the shrunk example and the seed.</summary>
internal static class Property
{
    public static void Check(FsCheck.Property property, int runs = 500) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), property);
}
