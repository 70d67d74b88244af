package malt.tree;

final class HeldInMemoryTest extends CompletionStoreContract {
  @Override
  CompletionStore store() {
    return new HeldInMemory();
  }
}
