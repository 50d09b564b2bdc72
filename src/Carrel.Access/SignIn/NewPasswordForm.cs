using System.Globalization;
using Carrel.Access.Directory;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.SignIn;

/// <summary>What every page with a new password on it does: the current one, the new one twice, and the limits that signing in has.</summary>
internal sealed class NewPasswordForm(FailureLimits failures, PasswordChange passwords)
{
    /// <summary>The fields, with the name that a password manager keeps it under.</summary>
    internal static Html Fields(string userName, string currentLabel, string? fault)
    {
        string shortest = UserNames.ShortestPassword.ToString(CultureInfo.InvariantCulture), longest = UserNames.LongestPassword.ToString(CultureInfo.InvariantCulture);
        return Html.Of($"""
            <label for="username">User name</label>
            <input id="username" name="username" value="{userName}" autocomplete="username" readonly tabindex="-1">
            <label for="current">{currentLabel}</label>
            <input id="current" name="current" type="password" autocomplete="current-password" maxlength="{longest}" required autofocus{PageForms.Described(fault)}>
            <label for="new">New password</label>
            <input id="new" name="new" type="password" autocomplete="new-password" minlength="{shortest}" maxlength="{longest}" required aria-describedby="rule">
            <small id="rule">{shortest} to {longest} characters</small>
            <label for="again">New password again</label>
            <input id="again" name="again" type="password" autocomplete="new-password" maxlength="{longest}" required>
            """);
    }

    /// <summary>Changes the password as the fields say.</summary>
    /// <returns>The person, or the fault with the status of the page that shows it.</returns>
    internal async Task<(int Status, PasswordChangeOutcome Outcome)> ChangeAsync(HttpContext context, IFormCollection form, string userName)
    {
        string wanted = form["new"].ToString();
        if (wanted != form["again"].ToString())
            return (400, new PasswordChangeOutcome(null, "The two new passwords differ."));
        if (failures.Begin(context.Connection.RemoteIpAddress) is { } wait)
        {
            PageForms.RetryAfter(context, wait);
            return (429, new PasswordChangeOutcome(null, "Too many failed attempts from your address. Please wait a minute."));
        }

        PasswordChangeOutcome outcome = await passwords.ChangeAsync(userName, form["current"].ToString(), wanted, context);
        if (outcome.User is not null)
            failures.Succeeded(context.Connection.RemoteIpAddress);
        return (400, outcome);
    }
}
