package malt.tree;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;
import org.jspecify.annotations.Nullable;

/** Completions as rows: siblings share the row of their prompt's ids. */
final class CompletionRows {
  private final Path file;
  private final Path folder;

  /** What siblings share. */
  private record PromptKey(String problemId, List<Integer> parent, ByteBuffer ids) {}

  CompletionRows(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  static String text(List<Integer> path) {
    return path.stream().map(String::valueOf).collect(Collectors.joining("."));
  }

  static List<Integer> path(String text) {
    return Stream.of(text.split("\\.")).map(Integer::valueOf).toList();
  }

  void insert(Connection connection, long line, List<CompletionStore.Entry> entries)
      throws SQLException {
    Map<PromptKey, Long> prompts = new HashMap<>();
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement remark =
            connection.prepareStatement("INSERT INTO remark VALUES (?, ?, ?, ?)")) {
      for (CompletionStore.Entry entry : entries) {
        Completion completion = entry.completion();
        byte[] promptIds = Blobs.ofInts(completion.promptIds());
        byte[] ids = Blobs.ofInts(completion.ids());
        byte[] logProbs = Blobs.ofFloats(completion.logProbs());
        PromptKey key =
            new PromptKey(
                entry.problemId(),
                entry.path().subList(0, entry.path().size() - 1),
                ByteBuffer.wrap(promptIds));
        Long prompt = prompts.get(key);
        if (prompt == null) {
          prompt = insertPrompt(connection, promptIds);
          prompts.put(key, prompt);
        }
        Sql.update(
            insert,
            line,
            entry.problemId(),
            text(entry.path()),
            prompt,
            completion.text(),
            ids,
            logProbs,
            completion.finish().name(),
            completion.adapter().name(),
            completion.adapter().directoryFrom(folder),
            completion.seed(),
            Blobs.checksum(completion.text(), promptIds, ids, logProbs));
        for (Remark one : completion.remarks()) {
          Sql.update(remark, line, entry.problemId(), text(entry.path()), one.name());
        }
      }
    }
  }

  private static long insertPrompt(Connection connection, byte[] ids) throws SQLException {
    String insert = "INSERT INTO prompt (ids) VALUES (?) RETURNING id";
    return Sql.query(connection, insert, row -> row.getLong(1), (Object) ids).get(0);
  }

  List<CompletionStore.Entry> select(Connection connection, long line, String problemId)
      throws SQLException {
    Map<String, Set<Remark>> remarks = remarks(connection, line, problemId);
    return Sql.query(
        connection,
        "SELECT path, text, prompt.ids, node.ids, log_probs, finish, adapter, directory, seed,"
            + " checksum FROM node LEFT JOIN prompt ON prompt.id = node.prompt"
            + " WHERE line = ? AND problem = ?",
        row -> entry(problemId, row, remarks),
        line,
        problemId);
  }

  private static Map<String, Set<Remark>> remarks(
      Connection connection, long line, String problemId) throws SQLException {
    Map<String, Set<Remark>> found = new HashMap<>();
    Sql.query(
        connection,
        "SELECT path, remark FROM remark WHERE line = ? AND problem = ?",
        row ->
            found
                .computeIfAbsent(row.getString(1), path -> EnumSet.noneOf(Remark.class))
                .add(Remark.valueOf(row.getString(2))),
        line,
        problemId);
    return found;
  }

  private CompletionStore.Entry entry(
      String problemId, ResultSet row, Map<String, Set<Remark>> remarks) throws SQLException {
    String path = row.getString(1);
    String text = row.getString(2);
    byte @Nullable [] promptIds = row.getBytes(3);
    byte @Nullable [] ids = row.getBytes(4);
    byte @Nullable [] logProbs = row.getBytes(5);
    if (promptIds == null
        || ids == null
        || logProbs == null
        || row.getLong(10) != Blobs.checksum(text, promptIds, ids, logProbs)) {
      throw new MalformedDataException(
          JournalErrors.damaged(
              file,
              "the completion of problem %s at %s does not match its checksum"
                  .formatted(problemId, path)));
    }
    return new CompletionStore.Entry(
        problemId,
        path(path),
        new Completion(
            text,
            Blobs.ints(promptIds),
            Blobs.ints(ids),
            Blobs.floats(logProbs),
            FinishReason.valueOf(row.getString(6)),
            AdapterRef.at(row.getString(7), row.getString(8), folder),
            row.getLong(9),
            remarks.getOrDefault(path, Set.of())));
  }
}
