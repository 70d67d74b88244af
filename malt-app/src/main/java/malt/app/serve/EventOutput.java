package malt.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An answer that comes token by token, as server-sent events. */
record EventOutput(Exchange exchange, AnswerJson json, Call call) implements Output {
  @Override
  public void token(int choice, int id, float logProb, String text) {
    if (!text.isEmpty() || call.logProbs() || call.ids()) {
      say(json.token(choice, id, logProb, text));
    }
  }

  @Override
  public void turn(int choice, int pass, String role, String text) {
    if (!text.isEmpty()) {
      say(json.turn(choice, pass, role, text));
    }
  }

  @Override
  public void done(List<Spoken> choices) {
    for (int choice = 0; choice < choices.size(); choice++) {
      say(json.closing(choice, choices.get(choice)));
    }
    if (call.streamUsage()) {
      say(json.counts(choices));
    }
    exchange.event("[DONE]");
    exchange.end();
  }

  private void say(ObjectNode piece) {
    if (exchange.stream() && call.chat()) {
      for (int choice = 0; choice < call.seeds().size(); choice++) {
        exchange.event(json.opening(choice).toString());
      }
    }
    exchange.event(piece.toString());
  }
}
