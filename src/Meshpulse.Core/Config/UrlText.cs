namespace Meshpulse.Core.Config;

/// <summary>URLs of HTTP checks.</summary>
internal static class UrlText
{
    private const int Longest = 2_000;

    /// <summary>The template with the servers' values; an IPv6 address gets the brackets that it needs in a URL (RFC 3986 section 3.2.2).</summary>
    public static string Expand(PlaceholderTemplate template, ServerDefinition from, ServerDefinition to) =>
        template.Expand(placeholder => placeholder.ValueFor(from, to) is var value && placeholder.Field == PlaceholderField.Ip && value.Contains(':')
            ? $"[{value}]"
            : value);

    /// <summary>What keeps a text from being a URL that can be fetched, in words that follow it; null where nothing does.</summary>
    public static string? Fault(string url)
    {
        const string Right = "as in http://192.0.2.7:8080/health";
        if (url.Length > Longest)
            return $"is longer than {Longest} characters";

        // .NET trims and escapes; what has to be escaped should show in the file.
        if (url.Any(c => c <= ' ' || char.IsControl(c) || char.IsWhiteSpace(c)))
            return "holds a blank or a control character; in a URL it is escaped, a blank as %20";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return $"is no absolute URL, {Right}";
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return $"begins with {ConfigText.Quote(uri.Scheme)}; it must begin with http or https, {Right}";
        return uri.UserInfo.Length > 0 ? "holds a user's name, which would show in reports; leave it out" : null;
    }
}
