using Carrel.Access.Directory.Administration;
using Carrel.Arm.Errors;
using Carrel.Engine.Commands;
using Carrel.Instances.Specs;

namespace Carrel.Api;

/// <summary>Turns refusals of what lies below into ARM errors: the first finding is the main one, and they stand in the details (contract, conventions), up to as many as anybody reads.</summary>
internal static class Refusals
{
    private const int MostDetails = 100;

    internal static ArmException ToArm(RefusedException refusal)
    {
        Finding main = refusal.Findings[0];
        int status = refusal.Kind switch
        {
            RefusalKind.Conflict => 409,
            RefusalKind.NotFound => 404,
            RefusalKind.PreconditionFailed => 412,
            RefusalKind.Forbidden => 403,
            _ => 400,
        };
        ArmError[] details = refusal.Findings.Count > 1 || refusal.Kind == RefusalKind.Invalid
            ? [.. refusal.Findings.Take(MostDetails).Select(finding => new ArmError(finding.Code, finding.Message, Target(finding)))]
            : [];
        return new ArmException(status, new ArmError(main.Code, main.Message, Target(main), details));
    }

    /// <summary>Waits for a change that the store undoes when nobody would administer afterwards; says so as 409.</summary>
    internal static async Task<T> OrLastAdministratorAsync<T>(Task<T> change, string target)
    {
        try
        {
            return await change;
        }
        catch (LastAdministratorException refused)
        {
            throw new ArmException(409, refused.Loss.Code, refused.Message, target);
        }
    }

    private static string? Target(Finding finding) => finding.Target.Length == 0 ? null : finding.Target;
}
