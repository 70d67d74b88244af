package malt.app.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts a request's pieces together; one that is too large is refused and cut off. */
final class BodyLimit extends HttpObjectAggregator {
  private final int most;

  BodyLimit(int most) {
    super(most);
    this.most = most;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    new Exchange(context, false)
        .fail(ApiError.of(413, "The body is larger than %d bytes.".formatted(most)));
  }
}
