namespace Carrel.Store;

/// <summary>The database was written by a newer Carrel than this one; it is left untouched.</summary>
public sealed class StoreTooNewException(string message) : Exception(message);
