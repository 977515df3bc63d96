package io.millrace.local.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs commands of {@code millrace}, one after the other, in a working directory: in one process of its own, since a process for
 * each would start longer than it works, and only a process has a working directory.
 */
final class TestingConsole implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    /** What a command has printed. */
    record Ended(int exit, String out, String err) {}

    TestingConsole(Path directory) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "@" + Path.of("src/main/launcher/jvm.args").toAbsolutePath(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestingConsole.class.getName())
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    Ended run(String... arguments) throws IOException {
        commands.write(JSON.writeValueAsString(arguments));
        commands.newLine();
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the process has ended, told to run " + List.of(arguments));
        }
        return JSON.readValue(answer, Ended.class);
    }

    public static void main(String[] none) throws IOException {
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = told.readLine(); line != null; line = told.readLine()) {
            String[] arguments = JSON.readValue(line, String[].class);
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int exit = Millrace.commandLine(arguments)
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute(arguments);
            System.out.println(JSON.writeValueAsString(new Ended(exit, out.toString(), err.toString())));
        }
        System.exit(0);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
