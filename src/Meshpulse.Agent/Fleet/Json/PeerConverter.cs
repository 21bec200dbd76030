using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What a node saw of one peer in a slice. Of its lists only that of requests may be empty: that says that none came, and without it that nobody counted.</summary>
internal sealed class PeerConverter(
    BoundedText text,
    NamedValue<CloseReason> closings,
    NamedValue<DialFailure> failures,
    NamedValue<PeerNotice> notices,
    PathConverter paths,
    BoundedList<GapSlice> gaps,
    BoundedList<FlowRequests> requests) : JsonConverter<PeerSlice>
{
    private enum Field
    {
        Peer,
        IsConnected,
        Notice,
        Received,
        Sent,
        Unsent,
        Silence,
        Gaps,
        Ended,
        CallFailed,
        Path,
        Requests,
    }

    public override PeerSlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (peer, isConnected, received, sent, unsent, silence) = ("", false, 0L, 0L, 0L, Duration.Zero);
        var (ended, callFailed, notice) = ((CloseReason?)null, (DialFailure?)null, (PeerNotice?)null);
        IReadOnlyList<GapSlice> silences = [];
        IReadOnlyList<FlowRequests>? asked = null;
        PathSlice? path = null;
        var fields = new FieldReader<Field>(ref reader);
        while (fields.Next(ref reader))
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            switch ((Field)fields.Field)
            {
                case Field.Peer: peer = text.Read(ref reader, typeof(string), options); break;
                case Field.IsConnected: isConnected = reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.False ? false : throw new JsonException("not a truth value")); break;
                case Field.Notice: notice = isNull ? null : notices.Read(ref reader, typeof(PeerNotice), options); break;
                case Field.Received: received = BoundedInt64.ReadWithin(ref reader, BoundedInt64.Most); break;
                case Field.Sent: sent = BoundedInt64.ReadWithin(ref reader, BoundedInt64.Most); break;
                case Field.Unsent: unsent = BoundedInt64.ReadWithin(ref reader, BoundedInt64.Most); break;
                case Field.Silence: silence = SpanConverter.Read(ref reader); break;
                case Field.Gaps: silences = gaps.Read(ref reader, typeof(IReadOnlyList<GapSlice>), options); break;
                case Field.Ended: ended = isNull ? null : closings.Read(ref reader, typeof(CloseReason), options); break;
                case Field.CallFailed: callFailed = isNull ? null : failures.Read(ref reader, typeof(DialFailure), options); break;
                case Field.Path: path = isNull ? null : paths.Read(ref reader, typeof(PathSlice), options); break;
                case Field.Requests: asked = isNull ? null : requests.Read(ref reader, typeof(IReadOnlyList<FlowRequests>), options); break;
            }
        }

        return !BoundedText.IsName(peer) ? throw new JsonException("a peer's name can't be one") : new PeerSlice(peer)
        {
            IsConnected = isConnected,
            Notice = notice,
            Received = received,
            Sent = sent,
            Unsent = unsent,
            Silence = silence,
            Gaps = silences,
            Ended = ended,
            CallFailed = callFailed,
            Path = path,
            Requests = asked,
        };
    }

    public override void Write(Utf8JsonWriter writer, PeerSlice value, JsonSerializerOptions options)
    {
        var fields = new FieldWriter<Field>(writer, options);
        writer.WriteStartObject();
        fields.Always((int)Field.Peer, value.Peer, text);
        fields.Flag((int)Field.IsConnected, value.IsConnected);
        fields.Some((int)Field.Notice, value.Notice, notices);
        fields.Number((int)Field.Received, value.Received);
        fields.Number((int)Field.Sent, value.Sent);
        fields.Number((int)Field.Unsent, value.Unsent);
        fields.Span((int)Field.Silence, value.Silence);
        fields.List((int)Field.Gaps, value.Gaps, gaps);
        fields.Some((int)Field.Ended, value.Ended, closings);
        fields.Some((int)Field.CallFailed, value.CallFailed, failures);
        if (value.Path is { } path)
        {
            fields.Always((int)Field.Path, path, paths);
        }

        if (value.Requests is { } asked)
        {
            fields.Always((int)Field.Requests, asked, requests);
        }

        writer.WriteEndObject();
    }
}
