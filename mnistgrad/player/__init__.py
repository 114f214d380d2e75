"""Pictures that move and answer in the browser, from what was sent once; and the scripts that play them."""
