"""Reads and builds STAMP packets with scapy (contrib/stamp.py), for ScapyTests.

    stamp.py decode FILE MODE KEY              prints a line for each packet of a capture
    stamp.py ask ADDRESS PORT MODE KEY         sends requests from standard input (a JSON object each, one after the other)
                                               and prints each request and its reply
    stamp.py answer ADDRESS COUNT MODE KEY     prints its port, then each request that comes, and answers it

A line has the base's fields by name, then the TLVs behind bars: flags, type, length, value; of an HMAC TLV that holds "holds"
stands for the value. KEY is hexadecimal, or - for none.

What scapy 2.5 does not know is here: it has the unauthenticated packets only, so the authenticated ones are written down from
RFC 8762, figures 3 and 5, and their MACs are Python's; and it knows any TLV by header and value, none by its meaning.
"""

import hashlib
import hmac
import json
import socket
import sys

from scapy.contrib.stamp import (
    ErrorEstimate,
    STAMPSessionReflectorTestUnauthenticated,
    STAMPSessionSenderTestUnauthenticated,
    STAMPTestTLV,
)
from scapy.fields import ByteField, IntField, LongField, NBytesField, PacketField, PacketListField, ShortField, StrFixedLenField
from scapy.layers.inet import IP, UDP
from scapy.packet import Packet
from scapy.utils import RawPcapReader

HANG = 40


def rest(base):
    return PacketListField("tlv_objects", [], STAMPTestTLV, length_from=lambda packet: packet.parent.len - 8 - base)


class AuthenticatedRequest(Packet):
    name = "STAMP Session-Sender Test, authenticated"
    fields_desc = [
        IntField("seq", 0), NBytesField("mbz", 0, 12), LongField("ts", 0), PacketField("err_estimate", ErrorEstimate(), ErrorEstimate),
        ShortField("ssid", 0), NBytesField("mbz2", 0, 68), StrFixedLenField("mac", b"", 16), rest(112),
    ]


class AuthenticatedReply(Packet):
    name = "STAMP Session-Reflector Test, authenticated"
    fields_desc = [
        IntField("seq", 0), NBytesField("mbz", 0, 12), LongField("ts", 0), PacketField("err_estimate", ErrorEstimate(), ErrorEstimate),
        ShortField("ssid", 0), NBytesField("mbz2", 0, 4), LongField("ts_rx", 0), NBytesField("mbz3", 0, 8),
        IntField("seq_sender", 0), NBytesField("mbz4", 0, 12), LongField("ts_sender", 0),
        PacketField("err_estimate_sender", ErrorEstimate(), ErrorEstimate), NBytesField("mbz5", 0, 6),
        ByteField("ttl_sender", 0), NBytesField("mbz6", 0, 15), StrFixedLenField("mac", b"", 16), rest(112),
    ]


LAYERS = {
    ("unauthenticated", False): STAMPSessionSenderTestUnauthenticated,
    ("unauthenticated", True): STAMPSessionReflectorTestUnauthenticated,
    ("authenticated", False): AuthenticatedRequest,
    ("authenticated", True): AuthenticatedReply,
}


def digest(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()[:16]


def dissect(data, mode, is_reply):
    # Its TLVs look for the length in a parent, which the layer does not have under UDP in 2.5: without one all of it stays raw.
    return LAYERS[mode, is_reply](data, _parent=UDP(len=8 + len(data)))


def estimate(error):
    return f"{error.S}/{error.Z}/{error.scale}/{error.multiplier}"


def stamp(packet, field, error):
    """The bits, and what scapy makes of them where it knows the format."""
    bits = packet.fields[field]
    knows_ntp = error.Z == 0 and isinstance(packet, (STAMPSessionSenderTestUnauthenticated, STAMPSessionReflectorTestUnauthenticated))
    return f"{bits:016x}" + (f"={getattr(packet, field)}" if knows_ntp and bits else "")


def line(data, mode, is_reply, key):
    packet = dissect(data, mode, is_reply)
    words = ["reply" if is_reply else "request", f"seq={packet.seq}"]
    words.append(f"{'t3' if is_reply else 't1'}={stamp(packet, 'ts', packet.err_estimate)}")
    words.append(f"ee={estimate(packet.err_estimate)}")
    if "ssid" not in packet.fields:
        # TWAMP's header alone: the other fields would be scapy's defaults.
        return " ".join(words)
    words.append(f"ssid={packet.ssid}")
    if is_reply:
        words.append(f"t2={stamp(packet, 'ts_rx', packet.err_estimate)} sender_seq={packet.seq_sender}")
        words.append(f"t1={stamp(packet, 'ts_sender', packet.err_estimate_sender)} sender_ee={estimate(packet.err_estimate_sender)}")
        words.append(f"ttl={packet.ttl_sender}")
    words.append(f"mbz={sum(value for name, value in packet.fields.items() if name.startswith('mbz'))}")
    if mode == "authenticated":
        words.append(f"mac={'holds' if packet.mac == digest(key, data[:96]) else 'fails'}")
    if bytes(packet) != data:
        words.append(f"rebuilt={bytes(packet).hex()}")
    return " ".join(words) + tlvs(packet, data, key)


def tlvs(packet, data, key):
    text = ""
    start = at = len(data) - sum(len(bytes(tlv)) for tlv in packet.tlv_objects)
    for tlv in packet.tlv_objects:
        holds = tlv.type == 8 and key and tlv.value == digest(key, data[:4] + data[start:at])
        text += f" | {int(tlv.flags):02x} {tlv.type} {tlv.len} {'holds' if holds else tlv.value.hex()}"
        at += len(bytes(tlv))
    return text


def build(wish, mode, key):
    """A request as bytes. The flags are numbers: scapy's names for them count from the wrong end."""
    packet = LAYERS[mode, False]()
    packet.seq, packet.ssid = wish["seq"], wish["ssid"]
    packet.err_estimate = ErrorEstimate(**dict(zip(("S", "Z", "scale", "multiplier"), wish["ee"])))
    # Past the conversion, which goes by the Z bit and may lose bits.
    packet.fields["ts"] = int(wish["t1"], 16)
    area, packet.tlv_objects = b"", []
    for flags, kind, length, value in wish["tlvs"]:
        value = digest(key, bytes(packet)[:4] + area) if value == "sign" else bytes.fromhex(value)
        tlv = STAMPTestTLV(flags=flags, type=kind, len=length, value=value)
        packet.tlv_objects.append(tlv)
        area += bytes(tlv)
    if mode == "authenticated":
        packet.mac = digest(key, bytes(packet)[:96])
    return bytes(packet)


def decode(file, mode, key):
    for data, _ in RawPcapReader(file):
        udp = IP(data)[UDP]
        print(line(bytes(udp.payload), mode, udp.sport == 862, key))


def ask(address, port, mode, key):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(HANG)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 77)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0x49)
        sender.bind(("127.0.82.2", 0))
        print(f"port={sender.getsockname()[1]}")
        for wish in sys.stdin:
            request = build(json.loads(wish), mode, key)
            print(line(request, mode, False, key))
            sender.sendto(request, (address, port))
            reply, source = sender.recvfrom(70_000)
            assert source == (address, port), source
            print(line(reply, mode, True, key))


def answer(address, count, mode, key):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reflector:
        reflector.settimeout(HANG)
        reflector.bind((address, 0))
        print(f"port={reflector.getsockname()[1]}", flush=True)
        for number in range(count):
            request, source = reflector.recvfrom(70_000)
            print(line(request, mode, False, key), flush=True)
            asked = dissect(request, mode, False)
            reply = LAYERS[mode, True]()
            reply.seq, reply.ssid, reply.seq_sender, reply.ttl_sender = number, asked.ssid, asked.seq, 64
            reply.err_estimate = ErrorEstimate(S=0, Z=0, scale=0, multiplier=1)
            reply.err_estimate_sender = asked.err_estimate
            # No clock of its own: it says that the reply left when the request did.
            for field in ("ts", "ts_rx", "ts_sender"):
                reply.fields[field] = asked.fields["ts"]
            if mode == "authenticated":
                reply.mac = digest(key, bytes(reply)[:96])
            reflector.sendto(bytes(reply), source)


def main(command, *arguments):
    *arguments, mode, key = arguments
    key = b"" if key == "-" else bytes.fromhex(key)
    if command == "decode":
        decode(arguments[0], mode, key)
    elif command == "ask":
        ask(arguments[0], int(arguments[1]), mode, key)
    else:
        answer(arguments[0], int(arguments[1]), mode, key)


main(*sys.argv[1:])
