using System.Globalization;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Arm.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.SignIn;

/// <summary>What the pages work with.</summary>
internal sealed record AccountServices(
    StudioSession Session,
    FormGuard Guard,
    NewPasswordForm Form,
    PrincipalAdministration Administration,
    DirectoryEvents Events,
    AccessOptions Options);

/// <summary>A person's own sign-in: another password, and an end to everything that is signed in.</summary>
internal static class AccountPages
{
    private const string PasswordPath = "/account/password";
    private const string PasswordForm = "password";
    private const string EverywhereForm = "everywhere";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account", Account_Get);
        routes.MapGet(PasswordPath, Password_Get);
        routes.MapPost(PasswordPath, Password_Post);
        routes.MapPost("/account/signout-everywhere", Everywhere_Post);
    }

    private static async Task<IResult> Account_Get(HttpContext context, [AsParameters] AccountServices services)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.ToSignIn(context);
        string token = FormGuard.TokenFor(context, EverywhereForm);
        return new Page(200, "Your account", Html.Of($"""
            <dl>
            <dt>Name</dt><dd>{person.User.DisplayName}</dd>
            <dt>Sign-in name</dt><dd>{person.User.UserName}</dd>
            <dt>Object id</dt><dd>{person.User.ObjectId.ToString()}</dd>
            </dl>
            <p><a href="{PasswordPath}">Change the password</a></p>
            <h2>Sign out everywhere</h2>
            <p>Ends every sign-in of yours: this browser and all others, the <code>carrel</code> command on every computer, open notebooks and terminals. Your instances go on running.</p>
            <form method="post" action="/account/signout-everywhere">
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <button class="second">Sign out everywhere</button>
            </form>
            <p><a href="/">Home</a></p>
            """), []);
    }

    private static async Task<IResult> Password_Get(HttpContext context, [AsParameters] AccountServices services)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await services.Session.FindAsync(context) is { } person ? PasswordPage(context, person, 200, null) : PageForms.ToSignIn(context);
    }

    private static async Task<IResult> Password_Post(HttpContext context, [AsParameters] AccountServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.SeeOther(context, PasswordPath);
        if (await PageForms.ReadAsync(context) is not { } form || !FormGuard.IsGenuine(context.Request, PasswordForm, form[FormGuard.Field]))
            return PasswordPage(context, person, 400, PageForms.OpenTooLong);
        (int status, PasswordChangeOutcome outcome) = await services.Form.ChangeAsync(context, form, person.User.UserName);
        if (outcome is not { User: { } user })
            return PasswordPage(context, person, status, outcome.Fault);
        // Every session has ended, this one too: whoever proved both passwords gets a new one.
        await services.Session.BeginAsync(context, user);
        return Page.Message(200, "The password is changed", Html.Of(
            $"<p>Everything that was signed in with the old one has ended, but for this browser. Run <code>carrel login</code> again where you use the command.</p><p><a href=\"/\">Home</a></p>"));
    }

    private static async Task<IResult> Everywhere_Post(HttpContext context, [AsParameters] AccountServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await PageForms.ReadAsync(context) is not { } form || !FormGuard.IsGenuine(context.Request, EverywhereForm, form[FormGuard.Field]))
            return Page.Message(400, "Please try again", Html.Of($"<p>This page was open for too long.</p><p><a href=\"/account\">Your account</a></p>"));
        if (await services.Session.FindAsync(context) is { } person)
        {
            var asker = new DirectoryAsker(services.Events.Of(person.User), AuditRequest.New(context.Request.Headers.UserAgent.ToString()));
            await services.Administration.SignOutAsync(person.User.ObjectId, person.User.UserName, asker, context.RequestAborted);
        }

        context.Response.Cookies.Delete(StudioSession.Cookie, StudioSession.CookieOptions(null));
        return PageForms.SeeOther(context, "/signin");
    }

    private static Page PasswordPage(HttpContext context, SignedIn person, int status, string? fault)
    {
        string token = FormGuard.TokenFor(context, PasswordForm);
        return new Page(status, "Change the password", Html.Of($"""
            {PageForms.Alert(fault)}
            <form method="post" action="{PasswordPath}">
            {NewPasswordForm.Fields(person.User.UserName, "Current password", fault)}
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <button>Change it</button>
            </form>
            <p>It ends everything that was signed in with the old one, but for this browser.</p>
            <p><a href="/account">Your account</a></p>
            """), []);
    }
}
