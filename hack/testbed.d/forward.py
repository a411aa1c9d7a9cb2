"""Passes TCP connections on. forward.py FROM_ADDRESS FROM_PORT TO_ADDRESS TO_PORT"""

import asyncio
import sys


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # Either side hung up, which is how connections end.
    finally:
        writer.close()


async def main(address, port, to_address, to_port):
    async def connected(reader, writer):
        try:
            behind_reader, behind_writer = await asyncio.open_connection(to_address, int(to_port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, behind_writer), copy(behind_reader, writer))

    server = await asyncio.start_server(connected, address, int(port))
    async with server:
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
