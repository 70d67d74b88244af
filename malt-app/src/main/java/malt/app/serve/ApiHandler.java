package malt.app.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The requests of one connection, one after the other. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String LOCAL_HOST = "(?i)(localhost|127\\.[0-9.]+|\\[::1])(:\\d+)?";

  /** Without regard to case, and with any parameters (RFC 9110, section 8.3.1). */
  private static final Pattern JSON =
      Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private final ApiKey key;
  private final Catalogue catalogue;
  private final CompletionService service;
  private final ServerMetrics metrics;
  private final BooleanSupplier draining;
  private CompletionService.@Nullable Ticket ticket;

  ApiHandler(
      ApiKey key,
      Catalogue catalogue,
      CompletionService service,
      ServerMetrics metrics,
      BooleanSupplier draining) {
    this.key = key;
    this.catalogue = catalogue;
    this.service = service;
    this.metrics = metrics;
    this.draining = draining;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Exchange exchange =
        new Exchange(context, HttpUtil.isKeepAlive(request) && !draining.getAsBoolean());
    try {
      if (!request.decoderResult().isSuccess()) {
        throw ApiError.of(400, "This is not HTTP/1.1.");
      }
      if (ticket != null && !ticket.closed()) {
        throw ApiError.of(400, "Wait for the answer before you send the next request.");
      }
      route(context, request, exchange);
    } catch (ApiError e) {
      exchange.fail(e);
    }
  }

  private void route(ChannelHandlerContext context, FullHttpRequest request, Exchange exchange) {
    String path = request.uri().replaceFirst("\\?.*", "");
    if (path.equals("/healthz")) {
      boolean up = !draining.getAsBoolean();
      exchange.json(
          up ? 200 : 503,
          JsonNodeFactory.instance.objectNode().put("status", up ? "ok" : "draining"));
      return;
    }
    admit(request);
    switch (path) {
      case "/metrics" -> {
        require(request, HttpMethod.GET);
        exchange.text(200, ServerMetrics.CONTENT_TYPE, metrics.text());
      }
      case "/v1/models" -> {
        require(request, HttpMethod.GET);
        exchange.json(200, catalogue.json());
      }
      case "/v1/chat/completions" -> complete(context, request, exchange, true);
      case "/v1/completions" -> complete(context, request, exchange, false);
      default -> {
        if (!path.startsWith("/v1/models/")) {
          throw ApiError.of(404, "There is nothing at %s.".formatted(path));
        }
        require(request, HttpMethod.GET);
        exchange.json(200, catalogue.json(path.substring("/v1/models/".length())));
      }
    }
  }

  /** Who may ask; without a key, a web page of another site must not be able to either. */
  private void admit(FullHttpRequest request) {
    if (!key.accepts(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
      throw ApiError.of(401, "The API key is missing or wrong.");
    }
    String host = String.valueOf(request.headers().get(HttpHeaderNames.HOST));
    if (!key.needed() && !host.matches(LOCAL_HOST)) {
      throw ApiError.of(403, "Without an API key, this server answers to local names alone.");
    }
  }

  private static void require(FullHttpRequest request, HttpMethod method) {
    if (!request.method().equals(method)) {
      throw ApiError.of(405, "This is asked with %s.".formatted(method));
    }
  }

  private void complete(
      ChannelHandlerContext context, FullHttpRequest request, Exchange exchange, boolean chat) {
    require(request, HttpMethod.POST);
    String type = String.valueOf(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
    if (!JSON.matcher(type).matches()) {
      throw ApiError.of(415, "The Content-Type must be application/json.");
    }
    if (draining.getAsBoolean()) {
      throw ApiError.of(503, "The server is stopping.");
    }
    ticket =
        service.answer(ByteBufUtil.getBytes(request.content()), chat, exchange, context.executor());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (ticket != null) {
      ticket.hangUp();
    }
  }

  /** A connection that says nothing and waits for nothing. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && (ticket == null || ticket.closed())) {
      ChannelFuture unused = context.close();
    }
  }

  /** The connection is of no more use; what was under way ends with it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ChannelFuture unused = context.close();
  }
}
