package malt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir private Path directory;

  @Test
  void who_was_asked_to_stop_can_save_first() {
    Path file = directory.resolve("kept.txt");
    Thread.currentThread().interrupt();
    AtomicFiles.write(file, out -> out.write("kept"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("kept");
    assertThat(AtomicFile.part(file)).doesNotExist();
  }
}
