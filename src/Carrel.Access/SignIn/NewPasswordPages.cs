using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.SignIn;

/// <summary>What the page works with.</summary>
internal sealed record NewPasswordServices(
    NewPasswordForm Form, StudioSession Session, FormGuard Guard, IAuthorizationClientRegistry Clients, DirectoryEvents Events, AccessOptions Options);

/// <summary>
/// Between the password that somebody else has given and being signed in: a person who has to choose an own password does so here. Nothing is kept between the
/// two pages: this one proves the current password once more, so there is no half-signed-in state that could be stolen or forgotten.
/// </summary>
internal static class NewPasswordPages
{
    private const string Path = "/signin/password";
    private const string FormName = "new password";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        // Whoever reloads or keeps the address begins again.
        routes.MapGet(Path, context => PageForms.SeeOther(context, "/signin").ExecuteAsync(context));
        routes.MapPost(Path, NewPassword_Post);
    }

    /// <summary>The page.</summary>
    internal static Page Form(HttpContext context, IAuthorizationClientRegistry clients, int status, string target, string userName, string? fault)
    {
        string token = FormGuard.TokenFor(context, FormName);
        return new Page(status, "Choose a new password", Html.Of($"""
            {PageForms.Alert(fault)}
            <p>Your password was set by somebody else. Choose one that only you know, and you are signed in.</p>
            <form method="post" action="{Path}">
            {NewPasswordForm.Fields(userName, "The password you were given", fault)}
            <input type="hidden" name="return" value="{target}">
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <button>Save it and sign in</button>
            </form>
            <p><a href="/signin">Sign in as somebody else</a></p>
            """), clients.RedirectSources());
    }

    private static async Task<IResult> NewPassword_Post(HttpContext context, [AsParameters] NewPasswordServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await PageForms.ReadAsync(context) is not { } form)
            return PageForms.SeeOther(context, "/signin");
        string target = ReturnPath.OrHome(form["return"]);
        string userName = form["username"].ToString();
        if (!FormGuard.IsGenuine(context.Request, FormName, form[FormGuard.Field]))
            return Form(context, services.Clients, 400, target, userName, PageForms.OpenTooLong);
        (int status, PasswordChangeOutcome outcome) = await services.Form.ChangeAsync(context, form, userName);
        if (outcome is not { User: { } user })
            return Form(context, services.Clients, status, target, userName, outcome.Fault);
        await services.Session.BeginAsync(context, user);
        await services.Events.SignedInAsync(user, DirectoryActions.SignIn, "Signed in with a new password, in a browser.", context.Request.Headers.UserAgent.ToString());
        return PageForms.SeeOther(context, target);
    }
}
