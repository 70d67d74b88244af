package malt.tree;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class TreeJournalContractTest extends CompletionStoreContract {
  @TempDir Path folder;
  private TreeJournal journal;

  @BeforeEach
  void open() {
    journal = TreeJournal.open(folder.resolve("journal.db"));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Override
  CompletionStore store() {
    return journal;
  }
}
