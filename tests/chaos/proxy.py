"""A TCP proxy between members and brokers that can be cut or slowed while it runs. In a thread of its own, on loopback."""
import asyncio
import threading


class Proxy:
    """`routes` are (listening port, broker port). `with Proxy(routes) as proxy: proxy.cut(); proxy.restore()`."""

    def __init__(self, routes):
        self.routes, self.is_cut, self.delay = routes, False, 0.0
        self.loop, self.writers, self.servers = asyncio.new_event_loop(), set(), []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        for listen, target in self.routes:
            asyncio.run_coroutine_threadsafe(self._listen(listen, target), self.loop).result(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self._close)
        self.thread.join(10)

    def cut(self):
        """Ends all connections; new ones are ended at once."""
        self.is_cut = True
        self.loop.call_soon_threadsafe(self._drop)

    def slow(self, seconds):
        """Holds every piece of data back for so long."""
        self.delay = seconds

    def restore(self):
        self.is_cut, self.delay = False, 0.0

    def _drop(self):
        for writer in list(self.writers):
            writer.transport.abort()

    def _close(self):
        self._drop()
        for server in self.servers:
            server.close()
        self.loop.call_later(0.2, self.loop.stop)

    async def _listen(self, listen, target):
        async def accept(reader, writer):
            await self._connect(reader, writer, target)
        self.servers.append(await asyncio.start_server(accept, "127.0.0.1", listen))

    async def _connect(self, reader, writer, target):
        if self.is_cut:
            writer.transport.abort()
            return
        try:
            broker_reader, broker_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pump(reader, broker_writer), self._pump(broker_reader, writer))

    async def _pump(self, reader, writer):
        self.writers.add(writer)
        try:
            while data := await reader.read(1 << 16):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.writers.discard(writer)
            writer.transport.abort()
