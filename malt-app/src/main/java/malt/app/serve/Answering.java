package malt.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import malt.MaltException;
import malt.ModelException;
import malt.app.team.TeamAnswer;
import malt.app.team.TeamSpeaker;
import malt.app.team.TurnListener;
import malt.app.team.Work;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.torch.generation.LiveListener;
import malt.torch.generation.LiveRequest;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;

/** Turns checked calls into completions. */
final class Answering {
  private final Catalogue catalogue;
  private final TeamSpeaker team;
  private final LiveSampler sampler;
  private final ModelCodec codec;

  Answering(Catalogue catalogue, TeamSpeaker team, LiveSampler sampler, ModelCodec codec) {
    this.catalogue = catalogue;
    this.team = team;
    this.sampler = sampler;
    this.codec = codec;
  }

  /** Begins to answer; prompts are encoded before this returns. */
  CompletableFuture<List<Spoken>> answer(Call call, Work work, Output output) {
    Catalogue.Entry entry = catalogue.get(call.model());
    List<CompletableFuture<Spoken>> choices =
        entry instanceof Catalogue.Single single
            ? alone(call, single, work, output)
            : byTeam(call, work, output);
    return CompletableFuture.allOf(choices.toArray(CompletableFuture[]::new))
        .thenApply(done -> choices.stream().map(CompletableFuture::join).toList());
  }

  private List<CompletableFuture<Spoken>> alone(
      Call call, Catalogue.Single single, Work work, Output output) {
    List<int[]> prompts = new ArrayList<>();
    if (call.chat()) {
      prompts.add(encoded(new Prompt(call.messages())));
    } else {
      call.prompts().forEach(prompt -> prompts.add(encoded(prompt)));
    }
    for (int[] prompt : prompts) {
      requireRoom(prompt.length);
    }
    List<CompletableFuture<Spoken>> choices = new ArrayList<>();
    for (int[] prompt : prompts) {
      for (long seed : call.seeds()) {
        int choice = choices.size();
        LiveRequest request =
            new LiveRequest(
                prompt,
                single.adapter(),
                call.change().of(single.sampling(), true),
                seed,
                call.change().stop());
        LiveListener listener =
            call.stream()
                ? (id, logProb, text) -> output.token(choice, id, logProb, text)
                : LiveListener.NONE;
        choices.add(
            work.add(sampler.submit(request, listener))
                .thenApply(completion -> new Spoken(completion, null)));
      }
    }
    return choices;
  }

  private int[] encoded(Prompt prompt) {
    try {
      return codec.encode(prompt);
    } catch (MaltException e) { // a template that refuses the messages
      throw ApiError.invalid("messages", String.valueOf(e.getMessage()));
    }
  }

  private int[] encoded(JsonNode prompt) {
    if (prompt.isTextual()) {
      return codec.encodeDocument(prompt.asText());
    }
    int[] ids = new int[prompt.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = prompt.get(i).asInt();
      if (ids[i] < 0 || ids[i] >= sampler.vocabularySize()) {
        throw ApiError.invalid("prompt", "There is no token %d.".formatted(ids[i]));
      }
    }
    return ids;
  }

  private void requireRoom(int tokens) {
    if (tokens >= sampler.maxPositions()) {
      throw ApiError.noRoom(tokens, sampler.maxPositions());
    }
  }

  private List<CompletableFuture<Spoken>> byTeam(Call call, Work work, Output output) {
    boolean live = call.stream() && call.votes() == 1;
    List<CompletableFuture<Spoken>> choices = new ArrayList<>();
    String question = call.question();
    requireRoom(encoded(new Prompt(call.messages())).length);
    for (long seed : call.seeds()) {
      int choice = choices.size();
      TurnListener listener = call.stream() ? heard(call, live, choice, output) : TurnListener.NONE;
      choices.add(
          team.answer(question, seed, call.votes(), call.change(), work, listener)
              .thenApply(answer -> ofTeam(answer, live, choice, output)));
    }
    return choices;
  }

  private TurnListener heard(Call call, boolean live, int choice, Output output) {
    List<String> roles = team.turns();
    return (pass, turn, id, logProb, text) -> {
      if (live && turn == roles.size() - 1) {
        output.token(choice, id, logProb, text);
      } else if (call.showRoles()) {
        output.turn(choice, pass, roles.get(turn), text);
      }
    };
  }

  /** The winner of a vote is known at the end only, and said at once. */
  private Spoken ofTeam(TeamAnswer answer, boolean live, int choice, Output output) {
    Completion winner = answer.answer();
    if (answer.passes().stream().allMatch(Answering::failed)) {
      throw ApiError.noRoom(winner.promptIds().length, sampler.maxPositions());
    }
    if (!live) {
      for (int i = 0; i < winner.ids().length; i++) {
        boolean last = i == winner.ids().length - 1;
        output.token(choice, winner.ids()[i], winner.logProbs()[i], last ? winner.text() : "");
      }
    }
    return new Spoken(winner, answer);
  }

  private static boolean failed(List<Completion> pass) {
    return pass.get(pass.size() - 1).finish() == FinishReason.FAILED;
  }

  /** What went wrong, as the API says it. */
  static ApiError error(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ApiError error) {
      return error;
    }
    if (cause instanceof CancellationException) {
      return ApiError.of(503, "The request took longer than this server allows.");
    }
    if (cause instanceof ModelException model && model.retriable()) {
      return ApiError.of(503, String.valueOf(model.getMessage()));
    }
    return ApiError.of(500, "The server failed; its log says why.");
  }
}
