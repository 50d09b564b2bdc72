using Carrel.Arm.Identity;

namespace Carrel.Arm.Errors;

/// <summary>The refusals of roles (contract 7.6).</summary>
public static class AuthorizationErrors
{
    /// <summary>403 <c>AuthorizationFailed</c>: names client, object id, operation and scope, each in single quotes.</summary>
    public static ArmException Failed(Caller caller, string action, string scope) => new(403, "AuthorizationFailed", FailedMessage(caller, action, scope), scope);

    /// <summary>The message of <c>AuthorizationFailed</c>.</summary>
    public static string FailedMessage(Caller caller, string action, string scope) =>
        $"The client '{caller.Name}' with object id '{caller.ObjectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, sign in again.";

    /// <summary>The message of <c>LinkedAuthorizationFailed</c>: what the caller may do, and what is missing on the resource that the body names.</summary>
    public static string LinkedMessage(Caller caller, string action, string scope, string missingAction, string linkedScope) =>
        $"The client '{caller.Name}' with object id '{caller.ObjectId}' has permission to perform action '{action}' on scope '{scope}'; however, it does not have permission to perform action '{missingAction}' on the linked scope '{linkedScope}' or the linked scope is invalid.";
}
