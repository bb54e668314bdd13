"""What the tests only sample, at length: see bin/prove. Its forgeries are those of the tests."""
