package malt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import malt.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRowsTest {
  @TempDir Path folder;

  private final List<String> parsed = new ArrayList<>();

  private StoredRows<String> rows(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text);
    return StoredRows.of(
        file,
        (line, where) -> {
          parsed.add(line);
          if (line.equals("bad")) {
            throw new MalformedDataException(where + " is bad");
          }
          return line.isBlank() ? null : where.substring(where.lastIndexOf(':') + 1) + line;
        });
  }

  @Test
  void rows_are_read_when_they_are_asked_for() throws IOException {
    StoredRows<String> rows = rows("a\n\nb\r\n\u00e9\u6c34");
    assertThat(parsed).containsExactly("a", "", "b", "\u00e9\u6c34");
    parsed.clear();
    assertThat(rows).hasSize(3);
    assertThat(parsed).isEmpty();
    assertThat(rows.get(2)).isEqualTo("4\u00e9\u6c34");
    assertThat(rows.get(1)).isEqualTo("3b");
    assertThat(parsed).containsExactly("\u00e9\u6c34", "b");
    assertThat(rows).containsExactly("1a", "3b", "4\u00e9\u6c34");
    assertThat(rows.mapped(String::length)).containsExactly(2, 2, 3);
    assertThatThrownBy(() -> rows.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Lines around the sizes in which the file is read, 65,536 and 16,384 bytes. */
  @Test
  void lines_of_any_length_are_read_whole_wherever_they_lie() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int length = i % 3 == 0 ? 16_383 + random.nextInt(3) : random.nextInt(1, 70_000);
      lines.add("x".repeat(length - 1) + (char) ('a' + i % 26));
    }
    for (String end : new String[] {"", "\n"}) {
      StoredRows<String> rows = rows(String.join("\n", lines) + end);
      assertThat(rows).hasSize(lines.size());
      for (int i = lines.size() - 1; i >= 0; i--) {
        assertThat(rows.get(i)).isEqualTo((i + 1) + lines.get(i));
      }
    }
  }

  @Test
  void an_empty_file_has_no_rows_and_a_byte_order_mark_is_none_of_them() throws IOException {
    assertThat(rows("")).isEmpty();
    assertThat(rows("\uFEFF")).isEmpty();
    assertThat(rows("\uFEFFa\nb\n")).containsExactly("1a", "2b");
  }

  @Test
  void a_row_that_is_none_is_found_before_any_is_asked_for() {
    assertThatThrownBy(() -> rows("a\nbad\n")).hasMessageEndingWith("rows.jsonl:2 is bad");
  }

  @Test
  void bytes_that_are_no_text_are_named_by_their_line() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, "a\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> StoredRows.of(file, (line, where) -> line))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage(file + ":2: the text is not UTF-8");
  }

  @Test
  void a_file_that_is_changed_meanwhile_is_noticed() throws IOException {
    StoredRows<String> rows = rows("a\nb\n");
    Files.writeString(folder.resolve("rows.jsonl"), "abc\nb\n");
    assertThatThrownBy(() -> rows.get(1))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("was changed while it was read");
  }

  @Test
  void a_thread_that_was_asked_to_stop_still_reads() throws IOException {
    StoredRows<String> rows = rows("a\nb\n");
    Thread.currentThread().interrupt();
    try {
      assertThat(rows.get(1)).isEqualTo("2b");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
