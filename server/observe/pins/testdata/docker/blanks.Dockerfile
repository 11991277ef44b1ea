
   
	FROM	golang:1.26	AS	x  
  # indented comment
   RUN	a
	
RUN b
