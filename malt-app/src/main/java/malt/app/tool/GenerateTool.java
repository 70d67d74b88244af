package malt.app.tool;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import malt.Seeds;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.ModelCodec;
import malt.torch.local.LocalModel;
import malt.torch.text.PromptLayout;
import org.jspecify.annotations.Nullable;

/**
 * {"prompt"} or {"messages"} to {"prompt_ids", "completions"}. A row may set n, temperature, top_p,
 * max_tokens and seed for itself. A completion depends on its prompt, its seed and its number among
 * the n, not on the rows around it.
 */
public final class GenerateTool implements RowTool {
  /** How rows that say nothing else are answered. */
  public record Defaults(int n, double temperature, double topP, int maxTokens, long seed) {}

  private final LocalModel model;
  private final int batchRows;
  private final AdapterRef adapter;
  private final Defaults defaults;
  private final List<String> stop;
  private @Nullable LanguageModel plain;
  private @Nullable LanguageModel chat;

  /**
   * @param batchRows completions decoded together
   * @param stop texts that end a completion too
   */
  public GenerateTool(
      LocalModel model, int batchRows, AdapterRef adapter, Defaults defaults, List<String> stop) {
    this.model = model;
    this.batchRows = batchRows;
    this.adapter = adapter;
    this.defaults = defaults;
    this.stop = List.copyOf(stop);
  }

  private LanguageModel sampler(PromptLayout layout) {
    return model.sampler(
        new ModelCodec(model.tokenizer(), layout, stop), new GenerationSettings(1, batchRows));
  }

  private LanguageModel plain() {
    plain = plain == null ? sampler(model.plain()) : plain;
    return plain;
  }

  private LanguageModel chat() {
    chat = chat == null ? sampler(model.chat()) : chat;
    return chat;
  }

  @Override
  public ObjectNode apply(Row row) {
    return apply(List.of(row)).get(0);
  }

  @Override
  public List<ObjectNode> apply(List<Row> rows) {
    List<SamplingRequest> requests =
        rows.stream().map(row -> row.located(() -> request(row))).toList();
    List<List<Completion>> completions = new ArrayList<>();
    for (int from = 0; from < rows.size(); ) { // runs of rows of one kind
      boolean messages = rows.get(from).has("messages");
      int to = from + 1;
      while (to < rows.size() && rows.get(to).has("messages") == messages) {
        to++;
      }
      completions.addAll((messages ? chat() : plain()).sample(requests.subList(from, to)));
      from = to;
    }
    return completions.stream().map(GenerateTool::answer).toList();
  }

  private SamplingRequest request(Row row) {
    Prompt prompt =
        row.has("messages") ? new Prompt(row.messages("messages")) : Prompt.of(row.text("prompt"));
    int[] unused =
        row.promptIds(model); // what cannot be a prompt is told here, where its row is known
    long seed = row.has("seed") ? row.integer("seed") : defaults.seed();
    int n = Math.toIntExact(row.has("n") ? row.integer("n") : defaults.n());
    if (n < 1) {
      throw row.wrong("\"n\" must be 1 or more");
    }
    try {
      SamplingParams params =
          new SamplingParams(
              row.has("temperature") ? row.number("temperature") : defaults.temperature(),
              row.has("top_p") ? row.number("top_p") : defaults.topP(),
              Math.toIntExact(
                  row.has("max_tokens") ? row.integer("max_tokens") : defaults.maxTokens()));
      return new SamplingRequest(
          prompt,
          adapter,
          params,
          IntStream.range(0, n).mapToObj(i -> Seeds.of(seed, "generate", i)).toList());
    } catch (IllegalArgumentException e) {
      throw row.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode answer(List<Completion> completions) {
    ObjectNode answer = JsonRows.object();
    JsonRows.put(answer, "prompt_ids", completions.get(0).promptIds());
    ArrayNode list = answer.putArray("completions");
    for (Completion completion : completions) {
      ObjectNode one = list.addObject();
      one.put("text", completion.text());
      JsonRows.put(one, "ids", completion.ids());
      JsonRows.put(one, "logprobs", completion.logProbs());
      one.put("finish_reason", completion.finish().name().toLowerCase(Locale.ROOT));
    }
    return answer;
  }
}
