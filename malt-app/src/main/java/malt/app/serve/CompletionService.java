package malt.app.serve;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import malt.Seeds;
import malt.app.team.TeamSpeaker;
import malt.app.team.Work;
import malt.torch.generation.ModelCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests for completions from the bytes of their body to the last byte of the answer. */
final class CompletionService {
  private static final Logger LOG = LoggerFactory.getLogger(CompletionService.class);

  private final ServeSettings settings;
  private final Answering answering;
  private final TeamSpeaker team;
  private final ModelCodec codec;
  private final ServerMetrics metrics;
  private final Admission admission;
  private final Executor executor;
  private final AtomicLong calls = new AtomicLong();
  private final long started;

  CompletionService(
      ServeSettings settings,
      Answering answering,
      TeamSpeaker team,
      ModelCodec codec,
      ServerMetrics metrics,
      Executor executor,
      long started) {
    this.settings = settings;
    this.answering = answering;
    this.team = team;
    this.codec = codec;
    this.metrics = metrics;
    this.admission = new Admission(settings.maxQueue());
    this.executor = executor;
    this.started = started;
  }

  /** A request that may still be given up. */
  final class Ticket {
    private final Work work = new Work();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Exchange exchange;
    private final long began = System.nanoTime();
    private final Future<?> deadline;

    private Ticket(Exchange exchange, EventExecutor timer) {
      this.exchange = exchange;
      this.deadline = timer.schedule(this::expire, settings.timeoutSeconds(), TimeUnit.SECONDS);
    }

    /** Whether this ends it; the timer, which would keep the answer until its time, goes too. */
    private boolean close() {
      boolean ends = closed.compareAndSet(false, true);
      if (ends) {
        deadline.cancel(false);
      }
      return ends;
    }

    /** Whether the answer was given, or is no longer wanted. */
    boolean closed() {
      return closed.get();
    }

    /** The caller has left: nothing is computed for it any longer. */
    void hangUp() {
      if (close()) {
        metrics.hungUp();
        work.cancel();
      }
    }

    /** The time is up. */
    private void expire() {
      refuse(
          ApiError.of(
              503,
              "The answer took longer than the %d s that this server allows."
                  .formatted(settings.timeoutSeconds())));
      work.cancel();
    }

    /** What the caller is told; what is ours to mend is logged too. */
    private void fail(Throwable thrown) {
      ApiError error = Answering.error(thrown);
      if (error.status() == 500) {
        LOG.error("a request failed", thrown);
      }
      refuse(error);
    }

    private void refuse(ApiError error) {
      if (close()) {
        exchange.fail(error);
        metrics.ended(error.status(), System.nanoTime() - began);
      }
    }

    private void succeed(Runnable say) {
      if (close()) {
        say.run();
        metrics.ended(200, System.nanoTime() - began);
      }
    }
  }

  /**
   * Begins to answer on other threads.
   *
   * @param timer ends what takes too long
   */
  Ticket answer(byte[] body, boolean chat, Exchange exchange, EventExecutor timer) {
    Ticket ticket = new Ticket(exchange, timer);
    metrics.began();
    executor.execute(() -> answer(body, chat, ticket));
    return ticket;
  }

  private void answer(byte[] body, boolean chat, Ticket ticket) {
    try {
      long number = calls.incrementAndGet();
      Call call = Call.read(body, chat, settings.maxTokens(), Seeds.of(started, number));
      admission.enter(call.weight());
      AnswerJson json = new AnswerJson(call, number, started, team.turns(), codec);
      Output output =
          call.stream()
              ? new EventOutput(ticket.exchange, json, call)
              : choices -> ticket.exchange.json(200, json.whole(choices));
      try {
        CompletableFuture<?> unused =
            answering
                .answer(call, ticket.work, output)
                .whenCompleteAsync(
                    (choices, thrown) -> {
                      admission.leave(call.weight());
                      if (thrown != null) {
                        ticket.fail(thrown);
                      } else {
                        choices.forEach(metrics::spoke);
                        ticket.succeed(() -> output.done(choices));
                      }
                    },
                    executor);
      } catch (RuntimeException e) {
        admission.leave(call.weight());
        throw e;
      }
    } catch (RuntimeException e) {
      ticket.fail(e);
    }
  }
}
