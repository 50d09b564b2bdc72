namespace Carrel.Api.Workspaces;

/// <summary>Is told of every location that a workspace uses, because addresses of instances in it need a certificate.</summary>
public interface IWorkspaceLocations
{
    /// <summary>Makes sure that instances of the location can be reached. Repeating it is free.</summary>
    Task EnsureAsync(string location);
}
