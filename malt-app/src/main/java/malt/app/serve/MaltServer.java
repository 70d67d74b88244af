package malt.app.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import malt.Interruption;
import malt.MaltException;
import malt.app.team.TeamSession;
import malt.app.team.TeamSpeaker;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;

/**
 * A team behind OpenAI's HTTP API. Connections are watched while their requests are answered, so a
 * caller that hangs up is noticed at once.
 */
public final class MaltServer implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;
  private static final int DRAIN_SECONDS = 25;
  private static final int THREADS = 2; // encode prompts, write JSON

  private final ServeSettings settings;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService executor;
  private final ServerMetrics metrics;
  private final Channel channel;
  private volatile boolean draining;

  private MaltServer(ServeSettings settings, TeamSession session) {
    LiveSampler sampler = session.sampler();
    ModelCodec codec = session.codec();
    Catalogue catalogue = new Catalogue(session.team(), session.adapters(), base(session));
    this.settings = settings;
    this.metrics = new ServerMetrics(sampler::load);
    this.executor =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "serve");
              thread.setDaemon(true);
              return thread;
            });
    TeamSpeaker speaker = session.speaker(executor);
    CompletionService service =
        new CompletionService(
            settings,
            new Answering(catalogue, speaker, sampler, codec),
            speaker,
            codec,
            metrics,
            executor,
            catalogue.base().started());
    ApiKey key = new ApiKey(settings.key());
    this.channel = bind(() -> new ApiHandler(key, catalogue, service, metrics, () -> draining));
  }

  /**
   * Serves the team, its roles, the run's adapters and the base until closed.
   *
   * @param session stays its owner's to close, after this
   * @throws MaltException if the address cannot be used
   */
  public static MaltServer start(ServeSettings settings, TeamSession session) {
    return new MaltServer(settings, session);
  }

  private static Catalogue.ServedBase base(TeamSession session) {
    return new Catalogue.ServedBase(
        session.base().fingerprint(),
        session.base().template(),
        session.sampler().maxPositions(),
        System.currentTimeMillis() / 1000);
  }

  private Channel bind(java.util.function.Supplier<ApiHandler> handlers) {
    try {
      return new ServerBootstrap()
          .group(loop)
          .channel(NioServerSocketChannel.class)
          .option(ChannelOption.SO_BACKLOG, 1024)
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childHandler(
              new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel connection) {
                  connection
                      .pipeline()
                      .addLast(new HttpServerCodec())
                      .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                      .addLast(new BodyLimit(settings.maxBodyBytes()))
                      .addLast(handlers.get());
                }
              })
          .bind(settings.host(), settings.port())
          .sync()
          .channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopThreads();
      throw new MaltException("starting the server was interrupted", e);
    } catch (RuntimeException e) {
      stopThreads();
      throw e;
    } catch (Exception e) { // sync() throws what the bind failed with, unannounced
      stopThreads();
      throw new MaltException(
          "cannot listen at %s:%d: %s; choose another --port or --host"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
  }

  /** Where it listens, up to and with the version. */
  public String url() {
    int port = ((InetSocketAddress) channel.localAddress()).getPort();
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://%s:%d/v1".formatted(host, port);
  }

  /** Takes no new requests, gives those under way time to end, then drops them. */
  @Override
  public void close() {
    draining = true;
    boolean interrupted = Thread.interrupted();
    channel.close().awaitUninterruptibly();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    while (metrics.underWay() > 0 && System.nanoTime() < end) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    // What was said last is still on its way to the loop, which forgets it once it is told to stop.
    if (!loop.isShuttingDown()) {
      loop.forEach(each -> each.submit(() -> {}).awaitUninterruptibly());
    }
    stopThreads();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopThreads() {
    Future<?> ended = loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    Interruption.finish(executor);
    try {
      ended.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
