package malt.model.remote;

import java.util.List;
import java.util.Optional;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.LanguageModelContract;
import malt.model.SamplingRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** A remote model keeps the contract in every dialect; with a seed per sample in all of it. */
class RemoteLanguageModelContractTest {
  abstract static class InDialect extends LanguageModelContract {
    private final FakeServer server;
    private final RemoteLanguageModel model;

    InDialect(ScriptedApi.Dialect dialect, int samplesPerRequest) {
      server = new FakeServer(ScriptedApi.of(dialect));
      model = Remotes.open(server, samplesPerRequest);
    }

    @AfterEach
    void close() {
      model.close();
      server.close();
    }

    @Override
    protected LanguageModel model() {
      return model;
    }

    @Override
    protected Optional<SamplingRequest> failing() {
      return Optional.of(
          new SamplingRequest(prompt("broken"), AdapterRef.BASE, params(1, 24), List.of(4L, 5L)));
    }
  }

  @Nested
  class AsOfVllm extends InDialect {
    AsOfVllm() {
      super(ScriptedApi.Dialect.VLLM, 1);
    }
  }

  @Nested
  class AsOfMaltServe extends InDialect {
    AsOfMaltServe() {
      super(ScriptedApi.Dialect.MALT, 8);
    }
  }

  /** Ids are those beside the log-probabilities; of the prompt there are none. */
  @Nested
  class AsOfLlamaCpp extends InDialect {
    AsOfLlamaCpp() {
      super(ScriptedApi.Dialect.LLAMA_CPP, 8);
    }

    @Override
    protected boolean returnsIds() {
      return false;
    }
  }

  @Nested
  class AsOfOllama extends InDialect {
    AsOfOllama() {
      super(ScriptedApi.Dialect.OLLAMA, 8);
    }

    @Override
    protected boolean returnsIds() {
      return false;
    }
  }
}
