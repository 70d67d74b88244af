package malt.experiment;

import java.util.Locale;

/**
 * What a stage is for. People are shown its name; programs go by the rest.
 *
 * @param seed of the part of a run that it belongs to; 0 outside of runs
 * @param round whose trees or adapters it makes or reads; empty where it is of none
 * @param name "collect joint", "train joint sft"
 */
public record Task(Job job, long seed, String round, String name) {

  /** Kinds of work. */
  public enum Job {
    /** Trees are sampled, or read where they are held, and counted. */
    COLLECT,
    /** Trees are read again, and training sets made of them. */
    TRAINING_SETS,
    /** Trees are read for someone who asks. */
    READ,
    /** Values of the same trees under two rules are compared. */
    COMPARE,
    /** Adapters are trained. */
    TRAIN,
    /** A team is asked the dev questions between two rounds. */
    MEASURE,
    /** A team is asked the questions of the evaluation. */
    EVALUATE;

    /** As names begin and as it is written. */
    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * One of a run.
   *
   * @param object what its name goes on with
   */
  public static Task of(Job job, long seed, String round, String object) {
    return new Task(job, seed, round, job.words() + " " + object);
  }

  /** A training that is of no run. */
  public static Task training(String adapter) {
    return of(Job.TRAIN, 0, "", adapter);
  }

  Task named(String other) {
    return new Task(job, seed, round, other);
  }
}
