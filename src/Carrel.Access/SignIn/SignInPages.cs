using Carrel.Access.Authority;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.SignIn;

/// <summary>What the pages work with.</summary>
internal sealed record SignInServices(
    PasswordSignIn Passwords,
    Sessions Sessions,
    StudioSession Session,
    FormGuard Guard,
    FailureLimits Failures,
    IAuthorizationClientRegistry Clients,
    IHomePageContent Home,
    DirectoryEvents Events,
    AccessOptions Options);

/// <summary>Signing in and out, and the small home page of a signed-in person.</summary>
public static class SignInPages
{
    private const string SignInForm = "signin";
    private const string SignOutForm = "signout";

    private static readonly Html Focus = Html.Of($" autofocus");

    /// <summary>Maps the pages at the studio's origin.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Home_Get);
        routes.MapGet("/signin", SignIn_Get);
        routes.MapPost("/signin", SignIn_Post);
        routes.MapPost("/signout", SignOut_Post);
        NewPasswordPages.Map(routes);
        AccountPages.Map(routes);
    }

    private static async Task<IResult> Home_Get(HttpContext context, [AsParameters] SignInServices services)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.SeeOther(context, "/signin");
        IReadOnlyList<HomeLink> links = await services.Home.ListAsync(person, context.RequestAborted);
        string token = FormGuard.TokenFor(context, SignOutForm);
        Html list = links.Count == 0
            ? Html.Of($"<p>Nothing here yet. Create a compute instance with the <code>carrel</code> command or an Azure ML client.</p>")
            : Html.Of($"<ul>{Html.Concat(links.Select(Line))}</ul>");
        return new Page(200, "Hello, " + person.User.DisplayName, Html.Of($"""
            <p>Signed in as {person.User.UserName}.</p>
            {list}
            <p><a href="/account">Your account</a></p>
            <form method="post" action="/signout"><input type="hidden" name="{FormGuard.Field}" value="{token}"><button class="second">Sign out</button></form>
            """), []);
    }

    private static async Task<IResult> SignIn_Get(HttpContext context, [AsParameters] SignInServices services)
    {
        context.Response.Headers.CacheControl = "no-store";
        string target = ReturnPath.OrHome(context.Request.Query["return"]);
        return await services.Session.FindAsync(context) is null ? Form(context, services, 200, target, "", null) : PageForms.SeeOther(context, target);
    }

    private static async Task<IResult> SignIn_Post(HttpContext context, [AsParameters] SignInServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await PageForms.ReadAsync(context) is not { } form)
            return Form(context, services, 400, "/", "", "The form could not be read. Please try again.");
        string target = ReturnPath.OrHome(form["return"]);
        string userName = form["username"].ToString();
        if (!FormGuard.IsGenuine(context.Request, SignInForm, form[FormGuard.Field]))
            return Form(context, services, 400, target, userName, PageForms.OpenTooLong);

        if (services.Failures.Begin(context.Connection.RemoteIpAddress) is { } wait)
        {
            PageForms.RetryAfter(context, wait);
            return Form(context, services, 429, target, userName, "Too many failed attempts from your address. Please wait a minute.");
        }

        string agent = context.Request.Headers.UserAgent.ToString();
        PasswordCheck check = await services.Passwords.CheckAsync(userName, form["password"].ToString(), context.RequestAborted);
        if (check.User is not { } user)
        {
            // One event whatever the reason: the time of the answer tells nothing.
            await services.Events.RefusedAsync(
                check.Named is { } named ? services.Events.Of(named) : null, userName.Trim(), check.Locks ? DirectoryActions.Lock : DirectoryActions.SignIn, check.Reason, agent);
            return Form(context, services, 401, target, userName, PasswordSignIn.Refusal);
        }

        services.Failures.Succeeded(context.Connection.RemoteIpAddress);
        if (user.MustChangePassword)
        {
            await services.Events.SignedInAsync(user, DirectoryActions.SignIn, "The password is right, but has to be replaced first: nothing is signed in yet.", agent);
            return NewPasswordPages.Form(context, services.Clients, 200, target, user.UserName, null);
        }

        await services.Session.BeginAsync(context, user);
        await services.Events.SignedInAsync(user, DirectoryActions.SignIn, "Signed in with a password, in a browser.", agent);
        return PageForms.SeeOther(context, target);
    }

    private static async Task<IResult> SignOut_Post(HttpContext context, [AsParameters] SignInServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await PageForms.ReadAsync(context) is not { } form || !FormGuard.IsGenuine(context.Request, SignOutForm, form[FormGuard.Field]))
            return Page.Message(400, "Please try again", Html.Of($"<p>This page was open for too long.</p><p><a href=\"/\">Home</a></p>"));
        if (await services.Session.FindAsync(context) is { } person)
            await services.Sessions.EndAsync(person.Session, context.RequestAborted);
        context.Response.Cookies.Delete(StudioSession.Cookie, StudioSession.CookieOptions(null));
        return PageForms.SeeOther(context, "/signin");
    }

    private static Page Form(HttpContext context, SignInServices services, int status, string target, string userName, string? fault)
    {
        string token = FormGuard.TokenFor(context, SignInForm);
        // The field to be filled next has the focus, and the fault.
        Html next = Html.Concat([Focus, PageForms.Described(fault)]);
        bool named = userName.Length > 0;
        return new Page(status, "Sign in", Html.Of($"""
            {PageForms.Alert(fault)}
            <form method="post" action="/signin">
            <label for="username">User name</label>
            <input id="username" name="username" value="{userName}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required{(named ? Html.Empty : next)}>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required{(named ? next : Html.Empty)}>
            <input type="hidden" name="return" value="{target}">
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <button>Sign in</button>
            </form>
            """), services.Clients.RedirectSources());
    }

    private static Html Line(HomeLink link)
    {
        Html detail = link.Detail is null ? Html.Empty : Html.Of($"<small>{link.Detail}</small>");
        // A javascript: address would be stopped by the policy too; it does not even get into the page.
        bool leads = link.Address is { } address && (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || ReturnPath.IsSafe(address));
        return leads ? Html.Of($"<li><a href=\"{link.Address}\">{link.Text}</a>{detail}</li>") : Html.Of($"<li>{link.Text}{detail}</li>");
    }
}
