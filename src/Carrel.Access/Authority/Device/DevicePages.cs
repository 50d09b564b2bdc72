using Carrel.Access.Directory.Administration;
using Carrel.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Authority.Device;

/// <summary>What the pages work with.</summary>
internal sealed record DevicePageServices(
    StudioSession Session,
    FormGuard Guard,
    FailureLimits Failures,
    IAuthorizationClientRegistry Clients,
    DeviceCodes Devices,
    DirectoryEvents Events,
    AccessOptions Options,
    TimeProvider Time);

/// <summary>
/// Where a person types the code that a device shows, sees which client asks from where, and says yes or no. A code in the address is only filled in: a
/// link that somebody sends never confirms anything.
/// </summary>
internal static class DevicePages
{
    internal const string Path = "/device";

    private const string CodeForm = "device";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Device_Get);
        routes.MapPost(Path, Device_Post);
        routes.MapPost(Path + "/answer", Answer_Post);
    }

    private static async Task<IResult> Device_Get(HttpContext context, [AsParameters] DevicePageServices services)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.ToSignIn(context);
        string typed = context.Request.Query["user_code"].ToString();
        return CodePage(context, person, 200, typed.Length <= 32 ? typed : "", null);
    }

    private static async Task<IResult> Device_Post(HttpContext context, [AsParameters] DevicePageServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.SeeOther(context, Path);
        string typed = "";
        if (await PageForms.ReadAsync(context) is not { } form || !FormGuard.IsGenuine(context.Request, CodeForm, form[FormGuard.Field]))
            return CodePage(context, person, 400, typed, PageForms.OpenTooLong);
        typed = form["user_code"].ToString();
        if (services.Failures.BeginGuess(context.Connection.RemoteIpAddress, person.User.ObjectId) is { } wait)
        {
            PageForms.RetryAfter(context, wait);
            return CodePage(context, person, 429, "", "Too many wrong codes. Please wait a minute.");
        }

        if (await services.Devices.FindAsync(typed, context.RequestAborted) is not { } code || services.Clients.Find(code.ClientId) is not { } client)
            return CodePage(context, person, 400, typed.Length <= 32 ? typed : "", "This code is not known, was used, or is older than 15 minutes. Look at it again, or let the device show a new one.");
        services.Failures.GuessWasRight(context.Connection.RemoteIpAddress, person.User.ObjectId);
        return ConfirmPage(context, person, code, client, typed, services.Time.GetUtcNow());
    }

    private static async Task<IResult> Answer_Post(HttpContext context, [AsParameters] DevicePageServices services)
    {
        if (!services.Guard.IsSameOrigin(context.Request))
            return PageForms.CrossOrigin(services.Options);
        if (await services.Session.FindAsync(context) is not { } person)
            return PageForms.SeeOther(context, Path);
        if (await PageForms.ReadAsync(context) is not { } form)
            return CodePage(context, person, 400, "", PageForms.OpenTooLong);
        // The form's token is for this very code: a page that showed one device cannot confirm another.
        string typed = form["user_code"].ToString();
        if (UserCode.HashOf(typed) is not { } hash || !FormGuard.IsGenuine(context.Request, AnswerForm(hash, person), form[FormGuard.Field])
            || form["answer"].ToString() is not ("yes" or "no"))
            return CodePage(context, person, 400, "", PageForms.OpenTooLong);
        DeviceAnswer answer = form["answer"] == "yes" ? DeviceAnswer.Confirmed : DeviceAnswer.Denied;
        if (await services.Devices.FindAsync(typed, context.RequestAborted) is not { } code || services.Clients.Find(code.ClientId) is not { } client
            || !await services.Devices.TryAnswerAsync(code, answer, person.User, context.RequestAborted))
            return CodePage(context, person, 400, "", "The code is older than 15 minutes, or was answered meanwhile. Let the device show a new one.");
        string agent = context.Request.Headers.UserAgent.ToString();
        if (answer == DeviceAnswer.Confirmed)
        {
            await services.Events.SignedInAsync(person.User, DirectoryActions.Device, $"Confirmed the device code of {client.DisplayName} at {code.Address}.", agent);
            return Page.Message(200, "You are signed in there", Html.Of(
                $"<p>You signed in {client.DisplayName} as {person.User.UserName}. You can close this page.</p><p><a href=\"/account\">Your account</a></p>"));
        }

        await services.Events.RefusedAsync(
            services.Events.Of(person.User), person.User.UserName, DirectoryActions.Device, $"Refused the device code of {client.DisplayName} at {code.Address}.", agent);
        return Page.Message(200, "Refused", Html.Of($"<p>The device was not signed in. If somebody asked you to type this code, tell the people who run Carrel.</p><p><a href=\"/\">Home</a></p>"));
    }

    private static Page CodePage(HttpContext context, SignedIn person, int status, string typed, string? fault)
    {
        string token = FormGuard.TokenFor(context, CodeForm);
        return new Page(status, "Sign in a device", Html.Of($"""
            {PageForms.Alert(fault)}
            <p>Enter the code that the device or terminal shows. Signed in as {person.User.UserName}.</p>
            <form method="post" action="{Path}">
            <label for="user_code">Code</label>
            <input id="user_code" name="user_code" class="code" value="{typed}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" placeholder="ABCD-EFGH" required autofocus{PageForms.Described(fault, invalid: true)}>
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <button>Continue</button>
            </form>
            """), []);
    }

    private static Page ConfirmPage(HttpContext context, SignedIn person, DeviceCode code, IAuthorizationClient client, string typed, DateTimeOffset now)
    {
        string token = FormGuard.TokenFor(context, AnswerForm(code.UserCodeHash, person));
        int minutes = (int)(now - code.CreatedAt).TotalMinutes;
        string asked = minutes == 0 ? "just now" : minutes == 1 ? "a minute ago" : $"{minutes} minutes ago";
        return new Page(200, "Is this you?", Html.Of($"""
            <p>You are about to sign in <strong>{client.DisplayName}</strong> as <strong>{person.User.UserName}</strong>.</p>
            <dl>
            <dt>Code</dt><dd>{UserCode.Shown(typed)}</dd>
            <dt>Asked from</dt><dd>{(code.Address.Length == 0 ? "an unknown address" : code.Address)}, {asked}</dd>
            <dt>Calls itself</dt><dd>{(code.UserAgent.Length == 0 ? "nothing" : code.UserAgent)}</dd>
            <dt>It may</dt><dd>do everything that your roles let you do: open, start, stop and delete your compute instances, and more where you are an administrator</dd>
            <dt>Until</dt><dd>it signs out or you sign out everywhere, at most for 30 days</dd>
            </dl>
            <p class="warning">Confirm only if you started this yourself, on a device that is yours, a moment ago. Nobody else has a reason to send you a code.</p>
            <form method="post" action="{Path}/answer">
            <input type="hidden" name="user_code" value="{typed}">
            <input type="hidden" name="{FormGuard.Field}" value="{token}">
            <p class="buttons"><button name="answer" value="yes">Yes, sign it in</button> <button name="answer" value="no" class="second">No, cancel</button></p>
            </form>
            """), []);
    }

    private static string AnswerForm(string userCodeHash, SignedIn person) => $"device answer {userCodeHash} {person.User.ObjectId}";
}
