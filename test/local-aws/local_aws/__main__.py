"""`python -m local_aws`: starts the server and prints one line of JSON with its endpoint when it is ready."""

from __future__ import annotations

import argparse

from .server import Options, run


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="local_aws", description="A local AWS with License Manager. Ends when its standard input closes.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on at 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--account", default=Options.account, help="account of callers whose access key is no account (default: %(default)s)")
    parser.add_argument("--region", default=Options.region, help="Region of unsigned requests (default: %(default)s)")
    parser.add_argument("--auth", action="store_true", help="evaluate IAM policies on every call")
    parser.add_argument("--log-file", help="write ministack's log there")
    parser.add_argument("--no-stdin", action="store_true", help="do not end when the standard input closes")
    args = parser.parse_args()
    run(Options(args.port, args.account, args.region, args.auth, args.log_file, not args.no_stdin))


if __name__ == "__main__":
    main()
