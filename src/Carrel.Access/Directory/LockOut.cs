namespace Carrel.Access.Directory;

/// <summary>When repeated wrong passwords lock, and for how long.</summary>
/// <param name="Failures">So many failures in a row lock.</param>
/// <param name="Duration">How long it stays locked.</param>
public sealed record LockOut(int Failures, TimeSpan Duration)
{
    /// <summary>Five failures, five minutes.</summary>
    public static LockOut Default { get; } = new(5, TimeSpan.FromMinutes(5));
}

/// <summary>Whether an attempt may go on.</summary>
/// <param name="Allowed">False while locked.</param>
/// <param name="Failures">Attempts since the last success, this one included.</param>
/// <param name="LockedUntil">End of the lock this attempt met or made; null when there is none.</param>
public sealed record SignInAttempt(bool Allowed, int Failures, DateTimeOffset? LockedUntil)
{
    /// <summary>The rule that every store applies inside its atomic step.</summary>
    /// <param name="failures">Attempts counted so far.</param>
    /// <param name="lockedUntil">The lock kept so far.</param>
    /// <param name="now">The present.</param>
    /// <param name="rule">When it locks and for how long.</param>
    public static SignInAttempt Next(int failures, DateTimeOffset? lockedUntil, DateTimeOffset now, LockOut rule)
    {
        if (lockedUntil > now)
            return new SignInAttempt(false, failures, lockedUntil);
        int counted = lockedUntil is null ? failures + 1 : 1;
        return new SignInAttempt(true, counted, counted >= rule.Failures ? now + rule.Duration : null);
    }
}
