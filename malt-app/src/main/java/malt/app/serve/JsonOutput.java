package malt.app.serve;

import java.util.List;

/** An answer that comes whole. */
record JsonOutput(Exchange exchange, AnswerJson json) implements Output {
  @Override
  public void token(int choice, int id, float logProb, String text) {}

  @Override
  public void turn(int choice, int pass, String role, String text) {}

  @Override
  public void done(List<Spoken> choices) {
    exchange.json(200, json.whole(choices));
  }
}
