package io.millrace.local.letters;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes, for people. */
final class Bytes {
    private static final int PER_LINE = 16;

    private Bytes() {}

    static byte[] of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Sixteen a line, as numbers and as the ASCII characters that they may be. */
    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + " bytes\n");
        for (int at = 0; at < bytes.length; at += PER_LINE) {
            int end = Math.min(bytes.length, at + PER_LINE);
            StringBuilder characters = new StringBuilder();
            for (int i = at; i < end; i++) {
                characters.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
            }
            String numbers = HexFormat.ofDelimiter(" ").formatHex(bytes, at, end);
            text.append(String.format("%08x  %-47s  %s%n", at, numbers, characters));
        }
        return text.toString();
    }
}
