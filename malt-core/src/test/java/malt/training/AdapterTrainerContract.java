package malt.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every trainer of adapters promises; extend it and say how to make one. */
public abstract class AdapterTrainerContract {
  /** Ids of the sets are below it. */
  protected static final int VOCABULARY = 50;

  private static final LoraSettings LORA = new LoraSettings(2, 4, false, LoraSettings.TARGETS);
  private static final int ROWS = 7;

  @TempDir private Path folder;

  private Path examples = Path.of("");
  private Path pairs = Path.of("");

  /** The trainer under test; asked for in every test. It reads an experiment's sets. */
  protected abstract AdapterTrainer trainer();

  @BeforeEach
  void writeSets() {
    examples = folder.resolve("sft.jsonl");
    pairs = folder.resolve("dpo.jsonl");
    SplittableRandom random = new SplittableRandom(3);
    List<SftExample> all = new ArrayList<>();
    List<PreferencePair> both = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int[] prompt = ids(random);
      Completion good = completion(prompt, ids(random));
      Completion bad = completion(prompt, ids(random));
      Prompt text = new Prompt(List.of());
      all.add(new SftExample(AgentRole.VERIFIER, "p" + i, text, good, 1));
      both.add(new PreferencePair(AgentRole.VERIFIER, "p" + i, text, good, bad, 1, 0));
    }
    DatasetFiles.writeExamples(examples, all);
    DatasetFiles.writePairs(pairs, both);
  }

  private static int[] ids(SplittableRandom random) {
    return random.ints(random.nextInt(2, 9), 0, VOCABULARY).toArray();
  }

  private static Completion completion(int[] prompt, int[] ids) {
    float[] logProbs = new float[ids.length];
    return new Completion("", prompt, ids, logProbs, FinishReason.STOP, AdapterRef.BASE, 0);
  }

  private static OptimizerSettings optimizer(int epochs) {
    return new OptimizerSettings(0.01, 0.9, 0.98, 0, 0.1, 0.1, 1, 3, epochs);
  }

  private TrainingJob job(String name, TrainingMethod method, Path data, AdapterRef start) {
    return new TrainingJob(name, method, data, start, LORA, 5, folder.resolve(name));
  }

  /** Three steps an epoch. */
  private TrainingJob sft(String name, int epochs) {
    return job(name, new SftSettings(optimizer(epochs)), examples, AdapterRef.BASE);
  }

  private TrainingJob dpo(String name, AdapterRef start) {
    return job(name, new DpoSettings(optimizer(2), 0.2, 0.5, false), pairs, start);
  }

  private static AdapterRef adapter(TrainingJob job) {
    return new AdapterRef(job.name(), job.output());
  }

  private void train(TrainingJob... jobs) {
    trainer().train(List.of(jobs), (job, step) -> {});
  }

  /** Every file of the adapter, by name. */
  private static Map<String, String> contents(TrainingJob job) {
    Map<String, String> contents = new HashMap<>();
    try (Stream<Path> files = Files.list(job.output())) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        contents.put(file.getFileName().toString(), new String(bytes, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return contents;
  }

  /** Remembers all it is told, and finds calls that overlap or come out of order. */
  private static class Recorder implements TrainingListener {
    private final AtomicInteger inside = new AtomicInteger();
    private final Map<TrainingJob, List<TrainingStep>> steps = new HashMap<>();
    private final List<TrainingJob> finished = new ArrayList<>();
    private final List<Long> announced = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    private void alone(Runnable call) {
      assertThat(inside.incrementAndGet()).as("calls at the same time").isEqualTo(1);
      calls.incrementAndGet();
      call.run();
      Thread.yield(); // so that another call would come in between
      inside.decrementAndGet();
    }

    @Override
    public void started(long all) {
      alone(
          () -> {
            assertThat(steps).isEmpty();
            announced.add(all);
          });
    }

    @Override
    public void step(TrainingJob job, TrainingStep step) {
      alone(
          () -> {
            assertThat(announced).hasSize(1);
            assertThat(finished).doesNotContain(job);
            assertThat(job.output()).doesNotExist();
            steps.computeIfAbsent(job, first -> new ArrayList<>()).add(step);
          });
    }

    @Override
    public void finished(TrainingJob job) {
      alone(
          () -> {
            assertThat(job.output()).isNotEmptyDirectory();
            finished.add(job);
          });
    }

    List<TrainingStep> steps(TrainingJob job) {
      return Objects.requireNonNull(steps.get(job));
    }
  }

  @Test
  void the_same_job_gives_the_same_adapter_alone_or_beside_others() {
    TrainingJob alone = sft("alone", 4);
    train(alone);
    TrainingJob left = sft("left", 4);
    TrainingJob right = sft("right", 4);
    train(left, dpo("other", AdapterRef.BASE), right);
    assertThat(contents(alone)).isNotEmpty();
    assertThat(contents(left)).isEqualTo(contents(alone));
    assertThat(contents(right)).isEqualTo(contents(alone));
  }

  @Test
  void another_seed_gives_another_adapter() {
    TrainingJob one = sft("one", 1);
    TrainingJob two =
        new TrainingJob(
            "two", one.method(), one.data(), one.start(), one.lora(), 6, folder.resolve("two"));
    train(one, two);
    assertThat(contents(two)).isNotEqualTo(contents(one));
  }

  @Test
  void the_listener_is_told_one_call_at_a_time_of_as_many_steps_as_were_announced() {
    TrainingJob little = sft("short", 1);
    TrainingJob much = sft("long", 5);
    TrainingJob preferring = dpo("pairs", AdapterRef.BASE);
    Recorder told = new Recorder();
    trainer().train(List.of(much, little, preferring), told);
    assertThat(told.announced).containsExactly(15L + 3 + 6);
    assertThat(told.finished).containsExactlyInAnyOrder(much, little, preferring);
    assertThat(told.steps(much)).hasSize(15);
    assertThat(told.steps(little)).extracting(TrainingStep::step).containsExactly(1, 2, 3);
    assertThat(told.steps(little)).extracting(TrainingStep::steps).containsOnly(3);
    assertThat(told.steps(preferring)).hasSize(6);
  }

  @Test
  void no_jobs_are_no_work() {
    Recorder told = new Recorder();
    trainer().train(List.of(), told);
    assertThat(told.announced).containsExactly(0L);
  }

  @Test
  void training_goes_on_from_the_start_whatever_the_method_and_leaves_it_as_it_was() {
    TrainingJob first = sft("first", 3);
    TrainingJob other = sft("other", 2);
    train(first, other);
    Map<String, String> before = contents(first);
    SftSettings more = new SftSettings(optimizer(1));
    TrainingJob fresh = job("fresh", more, examples, AdapterRef.BASE);
    TrainingJob after = job("after", more, examples, adapter(first));
    TrainingJob afterOther = job("after-other", more, examples, adapter(other));
    TrainingJob bare = dpo("bare", AdapterRef.BASE);
    TrainingJob preferring = dpo("preferring", adapter(first));
    train(fresh, after, afterOther, bare, preferring);
    assertThat(
            Stream.of(fresh, after, afterOther, bare, preferring)
                .map(AdapterTrainerContract::contents))
        .doesNotHaveDuplicates();
    assertThat(contents(first)).isEqualTo(before);
  }

  @Test
  void of_several_failures_the_first_jobs_is_thrown_and_nothing_runs_on()
      throws InterruptedException {
    TrainingJob well = sft("well", 1);
    TrainingJob late = sft("late", 4);
    TrainingJob early = sft("early", 4);
    TrainingJob endless = sft("endless", 20_000);
    Recorder told =
        new Recorder() {
          @Override
          public void step(TrainingJob job, TrainingStep step) {
            super.step(job, step);
            if (job.equals(late) && step.step() == 12) {
              throw new MaltException("the first job that failed");
            }
            if (job.equals(early)) {
              throw new MaltException("the second job that failed");
            }
          }
        };
    assertThatThrownBy(() -> trainer().train(List.of(well, late, early, endless), told))
        .isInstanceOf(MaltException.class)
        .hasMessage("the first job that failed");
    int calls = told.calls.get();
    assertThat(told.finished).containsExactly(well);
    assertThat(well.output()).isNotEmptyDirectory();
    for (TrainingJob failed : List.of(late, early, endless)) {
      assertThat(failed.output()).doesNotExist();
    }
    Thread.sleep(50);
    assertThat(told.calls).as("calls when training was over").hasValue(calls);
  }

  @Test
  void who_is_interrupted_stops_and_leaves_no_adapter() {
    TrainingJob endless = sft("endless", 20_000);
    Thread caller = Thread.currentThread();
    assertThatThrownBy(() -> trainer().train(List.of(endless), (job, step) -> caller.interrupt()))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(endless.output()).doesNotExist();
  }

  @Test
  void data_that_is_empty_missing_or_broken_is_a_sentence_before_any_job_begins()
      throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    refused(empty, ConfigException.class, "bad: ", "empty.jsonl holds no row");
    refused(folder.resolve("none.jsonl"), MaltException.class, "none.jsonl does not exist");
    Path broken = folder.resolve("broken.jsonl");
    List<String> lines = new ArrayList<>(Files.readAllLines(examples));
    lines.set(2, lines.get(2).replace("\"completion_ids\"", "\"ids\""));
    Files.write(broken, lines);
    refused(broken, MalformedDataException.class, "broken.jsonl:3: ", "completion_ids");
    refused(pairs, MalformedDataException.class, "dpo.jsonl:1: ", "\"completion\"");
  }

  private void refused(Path data, Class<? extends MaltException> type, String... sentence) {
    TrainingJob good = sft("good", 1);
    TrainingJob bad = job("bad", new SftSettings(optimizer(1)), data, AdapterRef.BASE);
    Recorder told = new Recorder();
    assertThatThrownBy(() -> trainer().train(List.of(good, bad), told))
        .isInstanceOf(type)
        .hasMessageContainingAll(sentence);
    assertThat(told.calls).hasValue(0);
    assertThat(good.output()).doesNotExist();
    assertThat(bad.output()).doesNotExist();
  }
}
