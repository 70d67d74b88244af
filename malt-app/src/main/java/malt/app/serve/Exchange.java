package malt.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/** One request's way back over its connection. */
final class Exchange {
  /** A reader so far behind is given up. */
  private static final long MOST_UNREAD = 8 << 20;

  private final ChannelHandlerContext context;
  private final boolean keepAlive;
  private boolean begun;
  private boolean ended;

  Exchange(ChannelHandlerContext context, boolean keepAlive) {
    this.context = context;
    this.keepAlive = keepAlive;
  }

  /** Answers with an error; within a stream, as its last event. */
  synchronized void fail(ApiError error) {
    if (begun) {
      event(error.json().toString());
      end();
    } else {
      json(error.status(), error.json());
    }
  }

  synchronized void json(int status, ObjectNode body) {
    text(status, "application/json", body.toString());
  }

  /** A whole answer; nothing if there was one already. */
  synchronized void text(int status, String type, String body) {
    if (ended || begun) {
      return;
    }
    ended = true;
    ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), bytes);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
    if (status == 401) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    if (status == 429 || status == 503) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    HttpUtil.setKeepAlive(response, keepAlive);
    send(response, !keepAlive);
  }

  /** Whether events may follow: begins a stream of them. */
  synchronized boolean stream() {
    if (!begun && !ended) {
      begun = true;
      HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
      response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
      HttpUtil.setTransferEncodingChunked(response, true);
      HttpUtil.setKeepAlive(response, keepAlive);
      send(response, false);
      return true;
    }
    return false;
  }

  /** A server-sent event of one line. */
  synchronized void event(String data) {
    if (begun && !ended) {
      if (context.channel().bytesBeforeWritable() > MOST_UNREAD) {
        ended = true;
        ChannelFuture unused = context.close();
        return;
      }
      ByteBuf bytes = Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8);
      send(new DefaultHttpContent(bytes), false);
    }
  }

  /** The stream is complete. */
  synchronized void end() {
    if (begun && !ended) {
      ended = true;
      send(LastHttpContent.EMPTY_LAST_CONTENT, !keepAlive);
    }
  }

  private void send(Object message, boolean last) {
    ChannelFuture written = context.writeAndFlush(message);
    if (last) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
