namespace Carrel.Instances.Specs;

/// <summary>What kind of source a data mount has (contract 1.2).</summary>
public enum DataMountSource
{
    /// <summary>A data asset.</summary>
    Dataset,

    /// <summary>A datastore.</summary>
    Datastore,

    /// <summary>An address; the word of the wire is <c>URI</c>.</summary>
    Uri,
}

/// <summary>What one item of a call does.</summary>
public enum DataMountAction
{
    /// <summary>Mounts it, or replaces the mount of that name.</summary>
    Mount,

    /// <summary>Takes it away.</summary>
    Unmount,
}

/// <summary>What may be done with mounted data.</summary>
public enum DataMountMode
{
    /// <summary>It may be read.</summary>
    ReadOnly,

    /// <summary>It may be read and written.</summary>
    ReadWrite,
}

/// <summary>One data mount asked for.</summary>
/// <param name="Name">Unique on the instance, ignoring case.</param>
/// <param name="Source">Name or address of the data.</param>
/// <param name="SourceType">What kind of source that is.</param>
/// <param name="Mode">What may be done with it.</param>
/// <param name="Path">Absolute path in the instance, or null for one of its own choice.</param>
/// <param name="CreatedBy">Sign-in name of who asked for it.</param>
public sealed record DataMountModel(
    string Name, string Source, DataMountSource SourceType, DataMountMode Mode, string? Path, string CreatedBy);
