using Carrel.Arm.Identity;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;

namespace Carrel.Api.Identities;

/// <summary>Lets commands ask whether the caller may make a user-assigned identity that an instance names and that is not there (contract 9.3).</summary>
public sealed class IdentityRights(IArmAuthorizer authorizer)
{
    internal CommandContext Context(ArmRequest request) => request.Context() with
    {
        MayMakeIdentity = async id => (await authorizer.AuthorizeAsync(request.Caller, Actions.IdentityWrite, id, request.Cancellation)).Allowed,
    };
}
