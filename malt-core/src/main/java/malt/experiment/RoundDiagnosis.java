package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.agent.Agent;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.evaluation.FlagCounts;
import malt.evaluation.VerifierQuality;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import org.jspecify.annotations.Nullable;

/**
 * How a team speaks that grew some trees: what shows by round whether training goes astray.
 *
 * @param questions trees
 * @param accuracy share of the team's answers that are right; null where none could be graded
 * @param turns by name, in the order in which they speak
 */
public record RoundDiagnosis(long questions, @Nullable Double accuracy, Map<String, Speech> turns) {
  /** False alarms that rose by so much of all right answers are warned of. */
  private static final double ALARMS = 0.1;

  /** Completions so many times as long are warned of. */
  private static final double LENGTH = 1.5;

  /** So much more of all completions cut at the token limit is warned of. */
  private static final double TRUNCATED = 0.05;

  /** A share of fewer is not compared. */
  private static final long COMPARED = 50;

  /**
   * The completions of a turn that did not fail.
   *
   * @param tokens of a completion, on average; null where a server told no ids
   * @param truncated share that the token limit cut
   * @param end mean probability of the token that ended a completion, at temperature 1, over those
   *     that ended by themselves; null where none did or no log-probabilities were told
   * @param judging how well it flags wrong answers; null for a turn that does not
   */
  public record Speech(
      long completions,
      @Nullable Double tokens,
      double truncated,
      @Nullable Double end,
      @Nullable VerifierQuality judging) {}

  public RoundDiagnosis {
    turns = Collections.unmodifiableMap(new LinkedHashMap<>(turns));
  }

  /** What deserves a warning of what changed from one round to another, in sentences. */
  List<String> warnings(String round, RoundDiagnosis before, String earlier) {
    List<String> warnings = new ArrayList<>();
    turns.forEach(
        (turn, is) -> {
          Speech was = before.turns.get(turn);
          if (was != null && Math.min(was.completions, is.completions) >= COMPARED) {
            warn(was, is)
                .forEach(
                    change ->
                        warnings.add(
                            "%s: of the %s, %s since %s".formatted(round, turn, change, earlier)));
          }
        });
    return warnings;
  }

  private static List<String> warn(Speech was, Speech is) {
    List<String> changes = new ArrayList<>();
    Double alarmsBefore = alarms(was);
    Double alarms = alarms(is);
    if (alarms != null && alarmsBefore != null && alarms >= alarmsBefore + ALARMS) {
      changes.add(changed("the false alarms rose from %.1f %% to %.1f %%", alarmsBefore, alarms));
    }
    if (was.tokens != null && is.tokens != null && is.tokens >= LENGTH * was.tokens) {
      changes.add(
          changed(
              "the completions grew from %.1f to %.1f tokens", was.tokens / 100, is.tokens / 100));
    }
    if (is.truncated >= was.truncated + TRUNCATED) {
      changes.add(
          changed(
              "the share of completions cut at the token limit rose from %.1f %% to %.1f %%",
              was.truncated, is.truncated));
    }
    return changes;
  }

  private static String changed(String sentence, double was, double is) {
    return String.format(Locale.ROOT, sentence, 100 * was, 100 * is);
  }

  private static @Nullable Double alarms(Speech speech) {
    return speech.judging == null || speech.judging.right() < COMPARED
        ? null
        : speech.judging.falseAlarm();
  }

  void write(Path file) {
    RunFiles.write(file, this);
  }

  /**
   * Reads diagnosis.json.
   *
   * @throws MalformedDataException if the file holds something else
   */
  public static RoundDiagnosis read(Path file) {
    return RunFiles.read(file, new TypeReference<>() {});
  }

  /** A diagnosis in the making, from trees that come one by one. */
  static final class Counter {
    private final AgentTeam team;
    private final Grader grader;
    private final List<Turn> turns;
    private long questions;
    private long right;
    private long graded;

    Counter(AgentTeam team, Grader grader) {
      this.team = team;
      this.grader = grader;
      this.turns = Stream.generate(Turn::new).limit(team.turns()).toList();
    }

    void add(ValuedTree tree) {
      questions++;
      tree.roots().forEach(root -> walk(tree, root, List.of()));
    }

    /**
     * @param before the completions on the way to a node, and how they are graded where that
     *     matters
     */
    private void walk(ValuedTree tree, ValuedNode node, List<Grading> before) {
      Completion said = node.node().completion();
      if (said.finish() == FinishReason.FAILED) {
        return;
      }
      Turn turn = turns.get(before.size());
      Judgement judges = team.agents().get(before.size()).judges();
      turn.add(said);
      if (judges != null && judges.tells()) {
        Grading judged = before.get(judges.turn());
        if (judged.grade() != Grade.UNGRADABLE) {
          turn.flags = turn.flags.plus(FlagCounts.of(judged.correct(), judges.flags(said.text())));
        }
      }
      Grading leaf = node.grading();
      if (leaf != null && leaf.grade() != Grade.UNGRADABLE) {
        graded++;
        right += leaf.correct() ? 1 : 0;
      }
      if (!node.children().isEmpty()) {
        List<Grading> path = new ArrayList<>(before);
        path.add(grader.grade(tree.problem(), said.response()));
        node.children().forEach(child -> walk(tree, child, path));
      }
    }

    RoundDiagnosis diagnosis() {
      Map<String, Speech> speeches = new LinkedHashMap<>();
      for (int turn = 0; turn < team.turns(); turn++) {
        Agent agent = team.agents().get(turn);
        speeches.put(agent.turn(), turns.get(turn).speech(agent.judges()));
      }
      return new RoundDiagnosis(questions, mean((double) right, graded), speeches);
    }
  }

  private static @Nullable Double mean(double sum, long count) {
    return count == 0 ? null : Double.valueOf(sum / count);
  }

  /** Sums over the completions of a turn. */
  private static final class Turn {
    private long completions;
    private long told;
    private long tokens;
    private long truncated;
    private long ended;
    private double end;
    private FlagCounts flags = FlagCounts.NONE;

    void add(Completion said) {
      completions++;
      int length = said.ids().length;
      told += length > 0 ? 1 : 0;
      tokens += length;
      truncated += said.finish() == FinishReason.LENGTH ? 1 : 0;
      if (said.finish() == FinishReason.STOP && length > 0 && said.logProbs().length == length) {
        ended++;
        end += Math.exp(said.logProbs()[length - 1]);
      }
    }

    Speech speech(@Nullable Judgement judges) {
      return new Speech(
          completions,
          mean((double) tokens, told),
          completions == 0 ? 0 : (double) truncated / completions,
          mean(end, ended),
          judges != null && judges.tells() ? VerifierQuality.of(flags) : null);
    }
  }
}
