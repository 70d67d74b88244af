package malt.app.team;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what a team says while it says it. Passes speak at the same time and are written one after
 * the other: what a later one says meanwhile is kept until its turn comes.
 */
public final class Transcript implements TurnListener {
  private final PrintStream out;
  private final List<String> roles;
  private final List<List<StringBuilder>> kept = new ArrayList<>(); // by pass and turn
  private int pass; // that is being written
  private int turn = -1; // of it

  /**
   * @param roles in the order in which they speak
   */
  public Transcript(PrintStream out, List<String> roles, int passes) {
    this.out = out;
    this.roles = List.copyOf(roles);
    for (int i = 0; i < passes; i++) {
      kept.add(new ArrayList<>());
    }
  }

  @Override
  public synchronized void said(int from, int at, int id, float logProb, String text) {
    List<StringBuilder> turns = kept.get(from);
    while (turns.size() <= at) {
      turns.add(new StringBuilder());
    }
    turns.get(at).append(text);
    if (from == pass) {
      write();
    }
  }

  /** Writes what the current pass has said beyond what is written. */
  private void write() {
    List<StringBuilder> turns = kept.get(pass);
    for (int at = Math.max(0, turn); at < turns.size(); at++) {
      if (at > turn) {
        turn = at;
        out.printf("%n%s%s: ", roles.get(at), kept.size() == 1 ? "" : " " + (pass + 1));
      }
      out.print(turns.get(at));
      turns.get(at).setLength(0);
    }
    out.flush();
  }

  /** Writes the passes that are left, and the answer. */
  public synchronized void end(TeamAnswer answer) {
    while (pass < kept.size() - 1) {
      pass++;
      turn = -1;
      write();
    }
    out.println();
    if (kept.size() > 1) {
      out.printf("%nvotes: %s%nanswer: %s%n", answer.votes(), answer.answer().text());
    }
    out.println();
    out.flush();
  }
}
