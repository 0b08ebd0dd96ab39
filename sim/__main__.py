"""`python -m sim` is the command `bargain`."""

if __name__ == "__main__":
    try:
        from sim.cli import main
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    main()
